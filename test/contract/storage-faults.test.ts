import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { auth, chatMessage, joinRoom } from '../support/client-frames.js';
import { TEST_DATABASE_URL } from '../support/database.js';
import { isServerGiven } from '../support/given-server.js';
import { OwnServer } from '../support/own-server.js';
import { insertUser, storedMessageIds } from '../support/rows.js';
import { chatRefused } from '../support/server-frames.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { claimsFor, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { isAcknowledgement, type Frame, type TestClient } from '../support/ws-client.js';

/** P10 promises 2 s; the rest is for slow machines. */
const REFUSED_WITHIN_MS = 3_500;
const BACK_WITHIN_MS = 20_000;

type Fault = [what: string, begin: (proxy: TcpProxy) => Promise<void> | void];
const FAULTS: Fault[] = [
  ['refuses connections', async (proxy) => proxy.refuse()],
  ['stalls', (proxy) => proxy.stall()],
  ['takes requests but its answers are lost', (proxy) => proxy.swallowAnswers()],
];

const canRun = TEST_DATABASE_URL !== undefined && !isServerGiven;
const suite = canRun ? describe : describe.skip;
const reason = canRun ? 'PostgreSQL' : 'skipped: needs TEST_DATABASE_URL, and a server of its own';

suite(`A database that is away (${reason})`, () => {
  const server = new OwnServer('postgresql');
  let proxy: TcpProxy;

  beforeAll(async () => {
    const database = await server.prepareDatabase();
    proxy = await TcpProxy.start(database.address);
    server.configure({ DATABASE_URL: database.urlThrough(proxy.port), DRAIN_TIMEOUT_MS: '3000' });
    await server.start();
  }, 90_000);
  afterEach(async () => {
    await proxy.restore();
    await server.sendEveryoneHome();
  });
  afterAll(async () => {
    await server.stop();
    await proxy.stop();
  }, 90_000);

  async function untilSendingWorks(client: TestClient, roomSlug: string): Promise<void> {
    await eventually(
      'Messages are accepted again',
      async () => {
        const messageId = unique('probe');
        client.send(chatMessage(roomSlug, 'are you back?', messageId));
        const answer = await client.nextWhere(
          'an answer',
          ({ messageId: id, type }) => id === messageId && (type === 'message_sent' || type === 'error'),
        );
        return answer.type === 'message_sent' ? true : undefined;
      },
      { within: BACK_WITHIN_MS, every: 250 },
    );
  }

  test.each(FAULTS)(
    'P10, CHAT-6: while it %s, sends are refused in time, connections stay, and all goes on when it is back',
    async (_what, begin) => {
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      await ana.client.say(roomSlug, 'before', 'before');
      bob.client.takeAll();
      await begin(proxy);
      const refused: string[] = [];
      for (const messageId of ['away-1', 'away-2', 'away-3']) {
        ana.client.send(chatMessage(roomSlug, 'into the void', messageId));
        expect(await ana.client.next(REFUSED_WITHIN_MS)).toEqual(chatRefused(messageId));
        refused.push(messageId);
      }
      await proxy.restore();
      await untilSendingWorks(ana.client, roomSlug);
      await bob.client.say(roomSlug, 'after', 'after');
      const seen = bob.client.received.map((frame) => JSON.stringify(frame)).join();
      for (const messageId of refused) expect(seen).not.toContain(messageId);
      await server.arrange(async (sql) => {
        const stored = await storedMessageIds(sql, roomSlug);
        expect(stored).toEqual(expect.arrayContaining(['before', 'after']));
        expect(stored.filter((id) => refused.includes(id))).toEqual([]);
      });
    },
    60_000,
  );

  test.each<Fault>([['connections are reset', (it) => it.cut()], ...FAULTS])(
    'P1, P2, P3: while many messages are on their way the database goes away (%s): acknowledged is stored, refused is not',
    async (_what, begin) => {
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      const ids: string[] = [];
      const stream = setInterval(() => {
        const next = Array.from({ length: 20 }, (_, index) => `m${ids.length + index}`);
        ids.push(...next);
        ana.client.sendTogether(...next.map((id) => chatMessage(roomSlug, `text of ${id}`, id)));
      }, 2);
      const idsOf = (type: string) =>
        new Set(ana.client.received.filter((frame) => frame.type === type).map(({ messageId }) => String(messageId)));
      try {
        await ana.client.until('200 acknowledgements', () => idsOf('message_sent').size >= 200);
        await begin(proxy);
        const sentSoFar = ids.length;
        await eventually('More is sent', () => ids.length > sentSoFar + 100 || undefined, { every: 1 });
      } finally {
        clearInterval(stream);
      }
      await eventually(
        'Every send is answered, or the silence lasts',
        () => {
          const answered = idsOf('message_sent').size + idsOf('error').size;
          return answered >= ids.length ? true : undefined;
        },
        { within: REFUSED_WITHIN_MS },
      ).catch(() => undefined);
      await proxy.restore();
      await untilSendingWorks(ana.client, roomSlug);

      const [acknowledged, refused] = [idsOf('message_sent'), idsOf('error')];
      await server.arrange(async (sql) => {
        const stored = await storedMessageIds(sql, roomSlug);
        expect([...acknowledged].filter((id) => !stored.includes(id))).toEqual([]);
        expect(stored.filter((id) => refused.has(id))).toEqual([]);
        expect(new Set(stored).size).toBe(stored.length);
      });

      const again = ids.filter((id) => !acknowledged.has(id));
      ana.client.sendTogether(...again.map((id) => chatMessage(roomSlug, `text of ${id}`, id)));
      for (const id of again) {
        await ana.client.nextWhere(`the ack of ${id}`, (frame: Frame) => isAcknowledgement(frame, id), 20_000);
      }
      await bob.client.say(roomSlug, 'the end', 'end');
      const seen = bob.client.received.filter(({ type }) => type === 'new_message');
      const slugs = seen.map(({ data }) => (data as { slug: string }).slug).filter((slug) => slug.startsWith('m'));
      expect([...slugs].sort()).toEqual([...ids].sort());
    },
    90_000,
  );

  test.each(FAULTS)(
    'P1, CHAT-4: a message that stands already, sent again while the database %s, still stands',
    async (_what, begin) => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      const [sent] = await ana.client.say(roomSlug, 'once', 'm1');
      await begin(proxy);
      ana.client.send(chatMessage(roomSlug, 'once', 'm1'));
      await ana.client.nextWhere('an answer', ({ messageId }) => messageId === 'm1', REFUSED_WITHIN_MS);
      await proxy.restore();
      await untilSendingWorks(ana.client, roomSlug);
      ana.client.takeAll();
      ana.client.send(chatMessage(roomSlug, 'once', 'm1'));
      expect(await ana.client.next()).toEqual(sent);
      const stored = await server.arrange(async (sql) => storedMessageIds(sql, roomSlug));
      expect(stored.filter((id) => id === 'm1')).toEqual(['m1']);
    },
    60_000,
  );

  test.each<[string, () => Promise<unknown>]>([
    ['kill -9', async () => server.process.kill()],
    ['SIGTERM', async () => server.process.stop()],
  ])(
    'P2: refused is not stored, even when %s ends the server before the database is back',
    async (_what, endProcess) => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      await ana.client.say(roomSlug, 'before', 'before');
      proxy.swallowAnswers();
      ana.client.send(chatMessage(roomSlug, 'into the void', 'refused'));
      expect(await ana.client.next(REFUSED_WITHIN_MS)).toEqual(chatRefused('refused'));
      await endProcess();
      await proxy.restore();
      await server.launch();
      const back = await server.connectAs(ana.user);
      await back.join(roomSlug);
      await back.say(roomSlug, 'after', 'after');
      expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['before', 'after']);
    },
    60_000,
  );

  test.each(FAULTS)(
    'AUTH-9: while it %s, a good token is not called bad: close 1013',
    async (_what, begin) => {
      let token = '';
      await server.arrange(async (sql) => {
        token = await signToken(claimsFor((await insertUser(sql)).id));
      });
      await begin(proxy);
      const client = await server.connect();
      client.send(auth(token));
      expect(await client.end()).toMatchObject({ code: 1013 });
      expect(client.received.map(({ type }) => type)).not.toContain('auth_error');
      await proxy.restore();
      await eventually(
        'The token is good again',
        async () => {
          const next = await server.connect();
          next.send(auth(token));
          const outcome = await Promise.race([next.nextOfType('auth_success').catch(() => undefined), next.end()]);
          return outcome !== undefined && 'type' in outcome ? true : undefined;
        },
        { within: BACK_WITHIN_MS, every: 250 },
      );
    },
    60_000,
  );

  test.each(FAULTS)(
    'while it %s, ready is 503 and live is 200; then ready is 200 again',
    async (_what, begin) => {
      await begin(proxy);
      await eventually(
        'ready is 503',
        async () => ((await server.get('/health/ready')).status === 503 ? true : undefined),
        { within: BACK_WITHIN_MS },
      );
      expect((await server.get('/health/live')).status).toBe(200);
      await proxy.restore();
      await eventually(
        'ready is 200',
        async () => ((await server.get('/health/ready')).status === 200 ? true : undefined),
        { within: BACK_WITHIN_MS },
      );
    },
    60_000,
  );

  test('LIMIT-4: a join that the database cannot answer tells nothing internal, and the next one works', async () => {
    const { client } = await server.guest();
    await proxy.refuse();
    client.send(joinRoom(unique('room')));
    const answer = await client.next();
    expect(answer.type).toBe('error');
    expect(JSON.stringify(answer)).not.toMatch(/ECONN|SELECT|INSERT|postgres|pool|timeout|terminat/i);
    await proxy.restore();
    await eventually(
      'Joins work again',
      async () => {
        client.send(joinRoom(unique('room')));
        return (await client.next()).type === 'room_joined' ? true : undefined;
      },
      { within: BACK_WITHIN_MS, every: 250 },
    );
  }, 60_000);

  test('P10: connections that were open stay open all along', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await proxy.refuse();
    ana.client.send(chatMessage(roomSlug, 'into the void', 'm1'));
    expect(await ana.client.next(REFUSED_WITHIN_MS)).toEqual(chatRefused('m1'));
    expect(bob.client.isOpen).toBe(true);
    await proxy.restore();
    await untilSendingWorks(ana.client, roomSlug);
    expect((await bob.client.barrier()).map(({ type }) => type)).toEqual(['new_message']);
  }, 60_000);
});
