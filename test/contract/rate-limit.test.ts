import { expect, test } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import { chatRefused, errorFrame, INVALID_FORMAT, RATE_LIMITED } from '../support/server-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import type { Frame, TestClient } from '../support/ws-client.js';

const BURST = 10;
/** Refilled slowly: what a test does takes far less than the time of a few tokens. */
const environment = { RATE_LIMIT_PER_SECOND: '1', RATE_LIMIT_BURST: String(BURST) };
const OVERSHOOT = 5;

const isLimited = ({ message }: Frame) => message === RATE_LIMITED;
const isAnswer = ({ type }: Frame) => type === 'message_sent' || type === 'error';

/** Sends so many messages at once and takes their answers, in the order of the answers. */
async function sendMany(client: TestClient, roomSlug: string, count: number): Promise<Frame[]> {
  const ids = Array.from({ length: count }, () => unique('m'));
  client.sendTogether(...ids.map((id) => chatMessage(roomSlug, `text of ${id}`, id)));
  const answers: Frame[] = [];
  for (const id of ids) {
    answers.push(
      await client.nextWhere(`the answer to ${id}`, (frame) => isAnswer(frame) && frame['messageId'] === id),
    );
  }
  return answers;
}

describeOwnServer('Rate limit', { environment }, (server) => {
  test('LIMIT-1: over the burst, messages are refused with their messageId, and nothing of them is stored', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const answers = await sendMany(ana.client, roomSlug, BURST + OVERSHOOT);
    const limited = answers.filter(isLimited);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited).toEqual(limited.map(({ messageId }) => chatRefused(String(messageId), RATE_LIMITED)));
    const sent = answers.filter(({ type }) => type === 'message_sent').map(({ messageId }) => messageId);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThanOrEqual(BURST + 2);
    expect(sent.length + limited.length).toBe(BURST + OVERSHOOT);
    const [, fromBob] = await bob.client.say(roomSlug, 'I have a bucket of my own', 'bob');
    expect(fromBob).toBeDefined();
    expect((await server.history(roomSlug, bob.user)).map(({ slug }) => slug)).toEqual([...sent, 'bob']);
  });

  test('LIMIT-1: other frames cost tokens, too, malformed ones among them', async () => {
    const { client } = await server.guest();
    client.sendTogether(...Array.from({ length: BURST + OVERSHOOT }, () => 'nonsense'));
    const answers = await client.nextFew(BURST + OVERSHOOT);
    expect(answers[0]).toEqual(errorFrame(INVALID_FORMAT));
    expect(answers.at(-1)).toEqual(errorFrame(RATE_LIMITED));
    client.send(chatMessage('a-room', 'hello', 'm1'));
    expect(await client.next()).toEqual(chatRefused('m1', RATE_LIMITED));
  });

  test('LIMIT-1: all connections of a user share one bucket', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const second = await server.connectAs(ana.user);
    await second.join(roomSlug);
    expect((await sendMany(ana.client, roomSlug, BURST + 2)).some(isLimited)).toBe(true);
    expect((await sendMany(second, roomSlug, OVERSHOOT)).filter(isLimited).length).toBeGreaterThanOrEqual(2);
  });

  test('LIMIT-1: the bucket survives a reconnect', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    expect((await sendMany(ana.client, roomSlug, BURST + 2)).some(isLimited)).toBe(true);
    await ana.client.close(1000);
    const back = await server.connectAs(ana.user);
    expect((await sendMany(back, roomSlug, OVERSHOOT)).filter(isLimited).length).toBeGreaterThanOrEqual(2);
  });

  test('LIMIT-1: the bucket fills again', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    expect((await sendMany(ana.client, roomSlug, BURST + 2)).some(isLimited)).toBe(true);
    await eventually(
      'A message is accepted again',
      async () => ((await sendMany(ana.client, roomSlug, 1)).some(isLimited) ? undefined : true),
      { every: 1_500 },
    );
  });

  test.each<[string, (roomSlug: string) => object | string]>([
    ['messages', (roomSlug) => chatMessage(roomSlug, 'flood')],
    ['malformed frames', () => 'nonsense'],
  ])('LIMIT-1: going on with %s regardless ends in 4429', async (_what, frameOf) => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const flood = setInterval(() => {
      if (ana.client.isOpen) ana.client.sendTogether(...Array.from({ length: 20 }, () => frameOf(roomSlug)));
    }, 20);
    try {
      expect(await ana.client.end()).toMatchObject({ code: 4429 });
    } finally {
      clearInterval(flood);
    }
    await bob.client.say(roomSlug, 'all is well');
  });
});

describeOwnServer(
  'Rate limit by default',
  { environment: { RATE_LIMIT_PER_SECOND: undefined }, on: 'one' },
  (server) => {
    test('LIMIT-1: 40 frames at once are within the burst of 60', async () => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      expect((await sendMany(ana.client, roomSlug, 40)).filter(isLimited)).toEqual([]);
    });

    test('LIMIT-1: 120 messages at once are not', async () => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      expect((await sendMany(ana.client, roomSlug, 120)).some(isLimited)).toBe(true);
    });
  },
);
