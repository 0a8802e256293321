import { auth } from './client-frames.js';
import { authError } from './server-frames.js';
import type { TestServer } from './server.js';
import type { Close, Frame } from './ws-client.js';

/** All that a connection is told when it authenticates with a token and is turned away. */
export interface Rejection {
  readonly frames: Frame[];
  readonly close: Close;
}

export const REJECTED = { frames: [authError()], close: { code: 4401 } };

export async function rejection(server: TestServer, token: string): Promise<Rejection> {
  const client = await server.connect();
  client.send(auth(token));
  const close = await client.end();
  return { frames: client.takeAll(), close };
}
