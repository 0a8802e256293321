import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.mjs';
import { isServerGiven } from '../support/given-server.js';
import { ServerProcess, type Environment } from '../support/server-process.js';
import { describeOwnServer } from '../support/suite.js';
import { JWT_SECRET } from '../support/tokens.js';
import { bounded } from '../support/waiting.js';

const START_MS = 20_000;

const WRONG: [name: string, value: string, more?: Environment][] = [
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['PORT', '-1'],
  ['PORT', '80.5'],
  ['DATABASE_URL', 'mysql://localhost/test'],
  ['DATABASE_URL', 'not a url'],
  ['DATA_DIR', '/dev/null/data'],
  ['JWT_PUBLIC_KEY', 'not a key'],
  ['JWT_JWKS_URL', 'not a url'],
  ['WEBSOCKET_URL', 'not a url'],
  ['HEARTBEAT_INTERVAL_MS', '30s'],
  ['HEARTBEAT_INTERVAL_MS', '0'],
  ['HEARTBEAT_TIMEOUT_MS', '-5'],
  ['AUTH_TIMEOUT_MS', 'ten'],
  ['PRESENCE_GRACE_MS', '-1'],
  ['DRAIN_TIMEOUT_MS', '1e999'],
  ['MAX_FRAME_BYTES', '64K'],
  ['MAX_MESSAGE_LENGTH', '0'],
  ['SEND_BUFFER_BYTES', '1.5'],
  ['MAX_CONNECTIONS_PER_USER', '0'],
  ['MAX_ROOMS_PER_CONNECTION', 'many'],
  ['REPLAY_LIMIT', '-1'],
  ['RATE_LIMIT_PER_SECOND', '-1'],
  ['RATE_LIMIT_BURST', 'x'],
  ['ROOM_AUTO_CREATE', 'maybe'],
  ['DEMO_LOGIN', 'perhaps'],
  ['TRUST_PROXY', 'sometimes'],
  ['LOG_LEVEL', 'loud'],
  ['JWT_SECRET', 'too short', { NODE_ENV: 'production' }],
];

const suite = isServerGiven ? describe.skip : describe;

suite('Configuration', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'milonga-'));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(settings: Environment) {
    const server = new ServerProcess({
      PORT: String(await freePort()),
      HOST: '127.0.0.1',
      DATA_DIR: join(directory, 'data'),
      JWT_SECRET,
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      ...settings,
    });
    try {
      const end = await bounded(server.ended, 'The server does not start', START_MS);
      return { ...end, lines: server.output.trim().split('\n') };
    } finally {
      await server.kill();
    }
  }

  test.each(WRONG)('%s=%s stops the start with one clear line, exit status 1', async (name, value, more = {}) => {
    const { code, lines } = await start({ ...more, [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(name);
    expect(code).toBe(1);
  });

  test('JWT_SECRET is required in production', async () => {
    const { code, lines } = await start({ NODE_ENV: 'production', JWT_SECRET: undefined });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('JWT_SECRET');
    expect(code).toBe(1);
  });

  test('a secret that is refused is not printed', async () => {
    const { lines } = await start({ NODE_ENV: 'production', JWT_SECRET: 'short-but-secret' });
    expect(lines.join('\n')).not.toContain('short-but-secret');
  });
});

describeOwnServer('Empty settings', { environment: { ALLOWED_ORIGINS: '', JWT_ISSUER: '' }, on: 'one' }, (server) => {
  test('a variable that is set to nothing counts as unset', async () => {
    const { client } = await server.guest();
    expect(await client.barrier()).toEqual([]);
    expect((await server.connect({ origin: 'https://anywhere.example' })).isOpen).toBe(true);
  });
});

describeOwnServer(
  'Other limits',
  { environment: { MAX_FRAME_BYTES: '1000', MAX_MESSAGE_LENGTH: '5' }, on: 'one' },
  (server) => {
    test('CONN-2: MAX_FRAME_BYTES is obeyed', async () => {
      const { client } = await server.guest();
      client.send(JSON.stringify({ type: 'pong', padding: 'x'.repeat(1000) }));
      expect(await client.end()).toMatchObject({ code: 1009 });
    });

    test('CHAT-6: MAX_MESSAGE_LENGTH is obeyed', async () => {
      const { ana } = await server.members('a-room', 'ana');
      await ana.client.say('a-room', '12345');
      ana.client.send({ type: 'chat_message', roomSlug: 'a-room', message: '123456', messageId: 'm1' });
      expect(await ana.client.next()).toMatchObject({ type: 'error', messageId: 'm1' });
    });
  },
);

describeOwnServer('A generated secret', { environment: { JWT_SECRET: undefined }, on: 'each' }, (server) => {
  test('without JWT_SECRET one is made, and kept over a restart', async () => {
    const user = await server.makeUser();
    await server.restart();
    const client = await server.connectAs(user);
    expect(await client.barrier()).toEqual([]);
  });
});
