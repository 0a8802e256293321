import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import { OwnServer } from '../support/own-server.js';
import { chatRefused } from '../support/server-frames.js';
import { testIf } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { isAcknowledgement } from '../support/ws-client.js';

const DISK = '160m';
const CHUNK = Buffer.alloc(65_536);

/** A disk of its own, which only a superuser can make. */
const disk = mkdtempSync(join(tmpdir(), 'milonga-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', disk]).status === 0;

describe('A full disk (embedded database)', () => {
  const server = new OwnServer('embedded', { DATA_DIR: join(disk, 'data') });
  const ballast = join(disk, 'ballast');

  beforeAll(async () => (isMounted ? server.start() : undefined), 150_000);
  afterAll(async () => {
    if (isMounted) {
      await server.stop();
      spawnSync('umount', [disk]);
    }
    rmSync(disk, { recursive: true, force: true });
  }, 60_000);

  testIf(isMounted, 'no disk can be mounted here')(
    'P1, P2: what cannot be stored is refused, with a line a second in the log, what was acknowledged stays, and all goes on when there is room',
    async () => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      await ana.client.say(roomSlug, 'before', 'before');
      const beganAt = performance.now();
      fill(ballast);
      const ids = Array.from({ length: 400 }, (_, i) => `m${i}`);
      ana.client.sendTogether(...ids.map((id) => chatMessage(roomSlug, 'x'.repeat(4_000), id)));
      for (const id of ids) {
        await ana.client.nextWhere(`an answer to ${id}`, (frame) => isAnswerTo(frame, id), 60_000);
      }
      expect(ana.client.received).toContainEqual(chatRefused(ids.at(-1)!));
      rmSync(ballast);
      await eventually('Messages are stored again', async () => {
        const id = unique('after');
        ana.client.send(chatMessage(roomSlug, 'after', id));
        const answer = await ana.client.nextWhere('an answer', (frame) => isAnswerTo(frame, id), 60_000);
        return answer.type === 'message_sent' || undefined;
      });
      const seconds = (performance.now() - beganAt) / 1_000;
      expect((server.output.match(/Refused \d+ messages/g) ?? []).length).toBeLessThanOrEqual(seconds + 2);
      const acknowledged = ana.client.received.filter(({ type }) => type === 'message_sent');
      const stored = (await server.history(roomSlug, ana.user)).map(({ slug }) => slug);
      expect(stored).toEqual(acknowledged.map(({ messageId }) => messageId));
      await server.restart();
      expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(stored);
    },
    180_000,
  );
});

function isAnswerTo(frame: Parameters<typeof isAcknowledgement>[0], id: string): boolean {
  return isAcknowledgement(frame, id) || (frame.type === 'error' && frame['messageId'] === id);
}

/** Takes all the room that there is. */
function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, CHUNK, { flag: 'a' });
  } catch {
    // Full.
  }
}
