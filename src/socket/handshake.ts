import type { IncomingMessage } from 'node:http';
import type { HandshakeOptions } from '../config/options.js';
import { BAD_REQUEST, type Refusal } from './refusal.js';

const PATHS: ReadonlySet<string> = new Set(['/', '/ws']);
const VERSION = '13';

/** What RFC 3986 calls a host, with or without a port. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d*)?$/i;

/**
 * Whether an upgrade is sound HTTP, of which Node's parser asks less: HTTP/1.1, one Host that is a host, and no body,
 * which the server would take for frames and a proxy in front of it for a request. Pure.
 */
export function judgeUpgrade({
  httpVersion,
  headers,
  headersDistinct,
}: Pick<IncomingMessage, 'httpVersion' | 'headers' | 'headersDistinct'>): Refusal | undefined {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
  const hosts = headersDistinct['host'] ?? [];
  const isSound = httpVersion === '1.1' && !hasBody && hosts.length === 1 && HOST.test(hosts[0] ?? '');
  return isSound ? undefined : BAD_REQUEST;
}

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
