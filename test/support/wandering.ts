import { expect } from '@jest/globals';
import { chatMessage } from './client-frames.js';
import { unique } from './unique.js';
import { idsSeenBy, type TestClient } from './ws-client.js';

const PATIENCE_MS = 30_000;
const AT_ONCE = 5;

/** Members of a room who talk all the time. */
export class Chatter {
  private readonly timer: NodeJS.Timeout;
  private sent = 0;

  constructor(
    private readonly roomSlug: string,
    private readonly clients: readonly TestClient[],
    everyMs: number,
  ) {
    this.timer = setInterval(() => this.talk(), everyMs);
  }

  /** They fall silent, and all that they said is acknowledged. @returns how many messages that was */
  async end(): Promise<number> {
    clearInterval(this.timer);
    for (const client of this.clients) {
      await client.until(
        'all acknowledgements',
        () => client.received.filter(({ type }) => type === 'message_sent').length * this.clients.length === this.sent,
        PATIENCE_MS,
      );
    }
    return this.sent;
  }

  private talk(): void {
    for (const client of this.clients) {
      client.sendTogether(...Array.from({ length: AT_ONCE }, () => chatMessage(this.roomSlug, 'text', unique('m'))));
      this.sent += AT_ONCE;
    }
  }
}

/**
 * Comes back to the room with the highest id seen, sees some messages, drops; so many times.
 *
 * @returns the ids that were given, in order
 */
export async function wander(
  rounds: number,
  roomSlug: string,
  connect: (round: number) => Promise<TestClient>,
): Promise<number[]> {
  const given: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const client = await connect(round);
    expect(await client.resume(roomSlug, given.at(-1) ?? 0)).toMatchObject({ recovered: true });
    const enough = 1 + ((round * 7) % 40);
    await client.until('some messages', () => idsSeenBy(client).length >= enough, PATIENCE_MS);
    client.drop();
    await client.end();
    given.push(...idsSeenBy(client));
  }
  return given;
}
