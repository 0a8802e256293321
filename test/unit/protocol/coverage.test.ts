import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { AuthGateway } from '../../../src/auth/auth.gateway.js';
import { ChatGateway } from '../../../src/chat/chat.gateway.js';
import { HistoryGateway } from '../../../src/chat/history.gateway.js';
import { PresenceGateway } from '../../../src/presence/presence.gateway.js';
import { CLIENT_MESSAGES, CLIENT_MESSAGES_2 } from '../../../src/protocol/index.js';
import { RoomsGateway } from '../../../src/rooms/rooms.gateway.js';
import { isOfProtocol2 } from '../../../src/socket/protocol2.decorator.js';
import { StatsGateway } from '../../../src/stats/stats.gateway.js';
import { TypingGateway } from '../../../src/rooms/typing.gateway.js';

const GATEWAYS = [AuthGateway, ChatGateway, HistoryGateway, PresenceGateway, RoomsGateway, StatsGateway, TypingGateway];

/** Which class each handled `type` is shaped into: by the methods for protocol 2 only, or by the others. */
function handled(ofProtocol2: boolean): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { prototype } of GATEWAYS) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as object;
      const type = Reflect.getMetadata('message', method) as string | undefined;
      const parameters = Reflect.getMetadata('design:paramtypes', prototype, name) as unknown[] | undefined;
      if (type !== undefined && isOfProtocol2(method) === ofProtocol2) found[type] = parameters?.[1];
    }
  }
  return found;
}

describe('every message of a client', () => {
  test('has one handler, for its own class', () => {
    expect(handled(false)).toEqual(CLIENT_MESSAGES);
    expect({ ...handled(false), ...handled(true) }).toEqual(CLIENT_MESSAGES_2);
  });

  test.each(Object.keys(CLIENT_MESSAGES_2))('%s is documented in the protocol', (type) => {
    expect(readFileSync('docs/protocol.md', 'utf8')).toContain(`\n| \`${type}\` `);
  });
});
