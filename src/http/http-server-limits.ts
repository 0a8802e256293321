import { ServerResponse, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { BAD_REQUEST, refuse, type Refusal } from '../socket/refusal.js';
import { endIdleSockets } from './idle-sockets.js';
import { connectionsWithin, openFileLimit } from './open-files.js';

/** How long a request may take to arrive: a half-sent one does not hold a socket for long. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 8_000;
/** Node enforces the two only when it looks. */
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;

const METHOD_NOT_ALLOWED: Refusal = {
  status: 405,
  reason: 'Method Not Allowed',
  headers: { Allow: 'GET, HEAD, POST' },
};
const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, reason: 'Request Header Fields Too Large' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, reason: 'Payload Too Large' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, reason: 'Request Timeout' }],
]);

/**
 * Limits what requests may take, before `server` listens, and answers whatever is no request with a whole HTTP response.
 * Connections are taken only while files are left for the server itself.
 */
export function limitHttpServer(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  Object.assign(server, { connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS });
  endIdleSockets(server);
  const files = openFileLimit();
  if (files !== undefined) server.maxConnections = connectionsWithin(files);
  server.on('clientError', answerError);
  server.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    refuse(socket, METHOD_NOT_ALLOWED);
  });
}

function answerError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || hasAnswerUnderWay(socket)) socket.destroy();
  // Later errors are those of bytes that come behind the one that was answered.
  else if (socket.writable) refuse(socket, REFUSALS.get(error.code ?? '') ?? BAD_REQUEST);
}

/** Node keeps the response to the request in hand at its socket. What has begun cannot be followed by another. */
function hasAnswerUnderWay(socket: Duplex): boolean {
  const response: unknown = '_httpMessage' in socket ? socket._httpMessage : undefined;
  return response instanceof ServerResponse && response.headersSent;
}
