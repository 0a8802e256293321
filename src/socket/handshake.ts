import type { IncomingMessage } from 'node:http';
import type { HandshakeOptions } from '../config/options.js';

/** Why an upgrade is refused: a whole HTTP response (CONN-1). */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PATHS: ReadonlySet<string> = new Set(['/', '/ws']);
const VERSION = '13';

/** What CONN-1 says of an upgrade request; undefined: let it in. Pure. */
export function judgeHandshake(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  options: HandshakeOptions & { readonly production: boolean },
): Refusal | undefined {
  const path = request.url?.split('?', 1)[0] ?? '';
  if (!PATHS.has(path)) return { status: 404, reason: 'Not Found' };
  if (!isOriginAllowed(request.headers, options)) return { status: 403, reason: 'Forbidden' };
  if (request.headers['sec-websocket-version'] !== VERSION) {
    return { status: 426, reason: 'Upgrade Required', headers: { 'Sec-WebSocket-Version': VERSION } };
  }
  return undefined;
}

function isOriginAllowed(
  headers: IncomingMessage['headers'],
  options: HandshakeOptions & { readonly production: boolean },
): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  if (options.allowedOrigins) return options.allowedOrigins.includes(origin);
  if (!options.production) return true;
  const host = hostOf(origin);
  return host !== undefined && host === ownHost(headers, options);
}

/** The host that a page of our own was loaded from. */
function ownHost(headers: IncomingMessage['headers'], options: HandshakeOptions): string | undefined {
  if (options.publicUrl) return hostOf(options.publicUrl);
  const forwarded = headers['x-forwarded-host'];
  return options.trustProxy && typeof forwarded === 'string' ? forwarded : headers.host;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
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
