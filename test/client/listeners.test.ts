import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { describeServer } from '../support/suite.js';

/** A program of its own, as Jest wants no uncaught errors. It has what an application has: the built package. */
const PROGRAM = `
  import { WebSocket } from 'ws';
  import { MilongaClient } from 'milonga/client';

  const [url, token] = process.argv.slice(1);
  process.on('uncaughtException', (error) => console.log(error.message));
  const client = new MilongaClient({ url, getToken: () => token, WebSocket });
  const room = client.room('general-chat');
  room.on('message', ({ message }) => {
    throw new Error('uncaught at ' + message);
  });
  room.on('message', ({ message }) => {
    console.log('seen ' + message);
    if (message === 'two') client.close();
  });
  client.connect();
  await room.join();
  await room.send('one');
  await room.send('two');
`;

describeServer('Listeners that throw', { on: 'one' }, (server) => {
  test('do so uncaught; the other listeners and the client go on, and the program ends when the client does', async () => {
    const { token } = await server.makeUser();
    const node = ['--input-type=module', '--eval', PROGRAM, '--', server.socketUrl, token];
    const { stdout } = await promisify(execFile)(process.execPath, node);
    expect(stdout.trim().split('\n')).toEqual(['seen one', 'uncaught at one', 'seen two', 'uncaught at two']);
  });
});
