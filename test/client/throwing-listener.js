/** A program whose listeners throw: `node throwing-listener.js <url> <token>`. Prints what went wrong, and what was seen. */
import { WebSocket } from 'ws';
import { MilongaClient } from 'milonga/client';

const [url = '', token] = process.argv.slice(2);
process.on('uncaughtException', (error) => console.log(error.message));

const client = new MilongaClient({ url, getToken: () => token, WebSocket });
const room = client.room('general-chat');
room.on('message', ({ message }) => {
  throw new Error(`uncaught at ${message}`);
});
room.on('message', ({ message }) => {
  console.log(`seen ${message}`);
  if (message === 'two') client.close();
});
client.connect();
await room.join();
await room.send('one');
await room.send('two');
