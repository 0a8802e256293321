import type { Duplex } from 'node:stream';

/** Why a request is turned away: a whole HTTP response (CONN-1). */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const BAD_REQUEST: Refusal = { status: 400, reason: 'Bad Request' };
/** One address wants more than its share. */
export const TOO_MANY: Refusal = { status: 429, reason: 'Too Many Requests', headers: { 'Retry-After': '5' } };
/** The server lets nobody in at the moment. */
export const UNAVAILABLE: Refusal = { status: 503, reason: 'Service Unavailable', headers: { 'Retry-After': '1' } };

/** How long a peer has to read its refusal. */
const LINGER_MS = 500;

/**
 * Answers and ends the connection. A socket that is destroyed while bytes of the peer are unread sends a reset, which may
 * overtake the answer: so what still comes is read and dropped, until the peer closes too or half a second has passed.
 */
export function refuse(socket: Duplex, refusal: Refusal): void {
  socket.end(renderRefusal(refusal));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.on('end', () => socket.destroy());
  socket.on('close', () => clearTimeout(timer));
  socket.resume();
}

/** `refusal` as the bytes of an HTTP/1.1 response after which the connection ends. */
export function renderRefusal({ status, reason, headers = {} }: Refusal): string {
  const lines = [
    `HTTP/1.1 ${String(status)} ${reason}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(reason))}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${reason}`;
}
