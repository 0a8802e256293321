import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../scripts/free-port.mjs';
import { exchange } from '../support/raw-http.js';
import { MAIN, type Environment } from '../support/server-process.js';
import { describeOwnServer } from '../support/suite.js';
import { JWT_SECRET } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { bounded, eventually } from '../support/waiting.js';
import { BAD_STARTS, type StartRow } from './process-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'milonga-start-'));
const taken = createServer();
let takenPort = 0;
beforeAll(async () => {
  writeFileSync(join(folder, 'file'), '');
  takenPort = await freePort();
  taken.listen(takenPort, '127.0.0.1');
  await once(taken, 'listening');
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server with what the shell is told first, and waits for its end. */
async function start(environment: Environment, before = ''): Promise<{ code: unknown; output: string }> {
  const { PATH } = process.env;
  const child = spawn('sh', ['-c', `${before} exec "${process.execPath}" "${MAIN}"`], {
    cwd: folder,
    env: { PATH, HOST: '127.0.0.1', DATA_DIR: join(folder, 'data'), ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    const [code] = await bounded<unknown[]>(once(child, 'close'), 'The end of a server that cannot start', 60_000);
    return { code, output };
  } finally {
    child.kill('SIGKILL');
  }
}

test.each(BAD_STARTS.map((row): [string, StartRow] => [row.what, row]))(
  'a server with %s does not start, and says why in a line',
  async (_what, { environment, before, says }) => {
    const settings = { PORT: String(await freePort()), JWT_SECRET, ...environment({ folder, takenPort }) };
    const { code, output } = await start(settings, before);
    expect(code).toBe(1);
    expect(output).toMatch(says);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toContain('hush');
  },
);

describeOwnServer('With 256 open files', { on: 'embedded' }, (server) => {
  test('who takes all connections shuts nobody up, and is not answered by halves', async () => {
    const { ana } = await server.members(unique('room'), 'ana');
    const { pid } = server.process;
    await once(spawn('prlimit', ['--nofile=256', '--pid', String(pid)]), 'close');
    const dials = Array.from({ length: 400 }, async () =>
      exchange(server.url, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n').catch(() => undefined),
    );
    const answers = await Promise.all(dials);
    expect(answers.filter((answer) => answer && answer.status !== 0 && !answer.isWhole)).toEqual([]);
    expect(await ana.client.barrier()).toEqual([]);
    await eventually('Somebody new is served', async () => (await server.guest().catch(() => undefined)) && true);
  });
});

describeOwnServer('With a heap of 128 MB', { environment: { NODE_OPTIONS: '--max-old-space-size=128' } }, (server) => {
  test('a thousand strangers with half of a great frame each, and a member who says it all', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const half = Buffer.concat([
      Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4]),
      Buffer.alloc(60_000),
    ]);
    const strangers = await Promise.all(Array.from({ length: 1_000 }, async () => server.connect()));
    for (const stranger of strangers) stranger.writeRaw(half);
    for (let i = 0; i < 100; i += 1) await ana.client.say(roomSlug, 'x'.repeat(4_000));
    expect((await server.get('/health/live')).status).toBe(200);
    expect(strangers.every(({ isOpen }) => isOpen)).toBe(true);
  });
});

describeOwnServer('With nobody who reads its output', { environment: { LOG_LEVEL: 'trace' }, on: 'one' }, (server) => {
  test('it goes on', async () => {
    server.process.closeOutput();
    for (let i = 0; i < 3; i += 1) {
      const { client } = await server.guest();
      await client.join(unique('room'));
      await server.process.untilReady(server.url);
    }
    await server.arrange(async (sql) => sql('SELECT 1'));
    const { client } = await server.guest();
    expect(await client.barrier()).toEqual([]);
  });
});
