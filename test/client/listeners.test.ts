import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { describeServer } from '../support/suite.js';

const PROGRAM = fileURLToPath(new URL('throwing-listener.js', import.meta.url));

describeServer('Listeners that throw', { on: 'one' }, (server) => {
  test('do so uncaught; the other listeners and the client go on, and the program ends when the client does', async () => {
    const { token } = await server.makeUser();
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, server.socketUrl, token]);
    expect(stdout.trim().split('\n')).toEqual(['seen one', 'uncaught at one', 'seen two', 'uncaught at two']);
  });
});
