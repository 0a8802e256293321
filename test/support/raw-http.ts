import { connect, type Socket } from 'node:net';
import { bounded } from './waiting.js';

/** What came back on a bare TCP connection. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Whether headers and body arrived in full: a refusal must not be cut short (CONN-1). */
  readonly isWhole: boolean;
  /** Whether the connection ended in an error such as a reset. */
  readonly wasReset: boolean;
}

/** Opens a connection and gives it once it is up. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const opened = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
  return bounded(opened, `TCP connection to ${url}`);
}

/** The bytes of an upgrade request that asks for `path`; the headers given replace those of the same name. */
export function upgradeRequest(url: string, path: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    Host: new URL(url).host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** Writes the request and reads until the answer is whole or the connection ends. */
export async function exchange(url: string, request: string): Promise<RawAnswer> {
  const socket = await openSocket(url);
  let text = '';
  let wasReset = false;
  const finished = new Promise<void>((resolve) => {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (parse(text).isWhole) resolve();
    });
    socket.on('error', () => (wasReset = true));
    socket.on('close', () => {
      resolve();
    });
    socket.write(request);
  });
  try {
    await bounded(finished, `An answer to ${request.split('\r\n', 1)[0] ?? ''}`);
  } finally {
    socket.destroy();
  }
  return { ...parse(text), wasReset };
}

function parse(text: string): Omit<RawAnswer, 'wasReset'> {
  const headEnd = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = (headEnd < 0 ? text : text.slice(0, headEnd)).split('\r\n');
  const headers = new Map(lines.map((line) => headerOf(line)));
  const body = headEnd < 0 ? '' : text.slice(headEnd + 4);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0);
  return { status, headers, body, isWhole: headEnd >= 0 && isWholeBody(status, headers, body) };
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function isWholeBody(status: number, headers: ReadonlyMap<string, string>, body: string): boolean {
  if (status === 101) return true;
  if (headers.get('transfer-encoding') === 'chunked') return body.endsWith('0\r\n\r\n');
  return body.length === Number(headers.get('content-length') ?? Number.NaN);
}
