import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { AuthGateway } from '../../../src/auth/auth.gateway.js';
import { ChatGateway } from '../../../src/chat/chat.gateway.js';
import { PresenceGateway } from '../../../src/presence/presence.gateway.js';
import { CLIENT_MESSAGES } from '../../../src/protocol/index.js';
import { RoomsGateway } from '../../../src/rooms/rooms.gateway.js';
import { StatsGateway } from '../../../src/stats/stats.gateway.js';

/** Which class each handled `type` is shaped into. */
function handled(): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { prototype } of [AuthGateway, ChatGateway, PresenceGateway, RoomsGateway, StatsGateway]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as object;
      const type = Reflect.getMetadata('message', method) as string | undefined;
      const parameters = Reflect.getMetadata('design:paramtypes', prototype, name) as unknown[] | undefined;
      if (type !== undefined) found[type] = parameters?.[1];
    }
  }
  return found;
}

describe('every message of a client', () => {
  test('has one handler, for its own class', () => {
    expect(handled()).toEqual(CLIENT_MESSAGES);
  });

  test.each(Object.keys(CLIENT_MESSAGES))('%s is documented in the protocol', (type) => {
    expect(readFileSync('docs/protocol.md', 'utf8')).toContain(`\n| \`${type}\` `);
  });
});
