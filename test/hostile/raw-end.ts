import { openSocket } from '../support/raw-http.js';
import { bounded } from '../support/waiting.js';

/** The server has 10 s for requests, 15 s for answers that nobody reads; the rest is for slow machines. */
const PATIENCE_MS = 25_000;

/**
 * Sends `first`, then `more` twice a second, and waits until the server ends the connection.
 *
 * @param doesRead whether the answers are read
 * @returns what the server sent
 */
export async function untilEnd(
  url: string,
  { first, more, doesRead = true }: { readonly first: string; readonly more?: string; readonly doesRead?: boolean },
): Promise<string> {
  const socket = await openSocket(url);
  let text = '';
  socket.setEncoding('latin1').on('error', () => undefined);
  if (doesRead) socket.on('data', (chunk: string) => (text += chunk));
  if (first !== '') socket.write(first, 'latin1');
  // Writing tells one that does not read of the end, by a reset.
  const timer = setInterval(() => socket.write(more ?? (doesRead ? '' : '\r\n')), 500);
  try {
    const ended = new Promise((resolve) => socket.on('close', resolve));
    await bounded(ended, 'The end of a slow request', PATIENCE_MS);
    return text;
  } finally {
    clearInterval(timer);
    socket.destroy();
  }
}
