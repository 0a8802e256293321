import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { OwnServer } from '../support/own-server.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/make-admin.mjs', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs the script with the environment of the server. */
async function makeAdmin(server: OwnServer, ...args: string[]): Promise<Outcome> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...server.environment };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [SCRIPT, ...args],
      { cwd: server.dataDir, env },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
      },
    );
  });
}

describeOwnServer('make-admin', {}, (server) => {
  test('makes an admin of a user who is there, and of one who is not', async () => {
    const ana = await server.makeUser('ana');
    const newcomer = unique('newcomer');
    if (!server.writesLive) {
      // Nobody is let in beside a running server.
      const refused = { code: 1, output: expect.stringMatching(/^DATA_DIR .+Stop the server first\.\n$/) };
      expect(await makeAdmin(server, ana.username)).toMatchObject(refused);
      await server.process.stop();
    }
    expect(await makeAdmin(server, ana.username)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`id ${ana.id}`),
    });
    expect(await makeAdmin(server, newcomer)).toMatchObject({
      code: 0,
      output: expect.stringContaining('no such user'),
    });
    if (!server.writesLive) await server.launch();
    const { token } = (await server.post('/auth/demo', { username: newcomer })).json as { token: string };
    for (const admin of [ana.token, token]) expect((await server.get('/ws/stats', admin)).status).toBe(200);
  });

  test('without a name it says what it needs', async () => {
    expect(await makeAdmin(server)).toMatchObject({ code: 1, output: expect.stringContaining('<username>') });
  });
});
