import type { Row } from './attacks.js';

export interface HandshakeRow extends Row {
  readonly request: (host: string) => string;
  /** Of the whole HTTP response that must come back. */
  readonly status: number;
  /** Sent twenty times and reset at once, without waiting for an answer. */
  readonly reset?: boolean;
}

export interface SlowRow extends Row {
  readonly first: string;
  /** Sent again and again. */
  readonly more?: string;
  readonly doesRead?: boolean;
  readonly answer: RegExp;
}

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const VERSION = 'Sec-WebSocket-Version: 13';
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket'];

/** A whole request of these lines. */
function request(start: string, lines: readonly string[], body = ''): string {
  return [start, ...lines, '', body].join('\r\n');
}

/** An upgrade that is right but for what is said. */
function upgrade(start: string, ...more: string[]): (host: string) => string {
  return (host) => request(start, [`Host: ${host}`, ...UPGRADE, VERSION, KEY, ...more]);
}

function post(body: string, ...lines: string[]): (host: string) => string {
  return (host) => request('POST /auth/demo HTTP/1.1', [`Host: ${host}`, ...lines], body);
}

const json = ['Content-Type: application/json'];
const sized = (body: string) => post(body, ...json, `Content-Length: ${Buffer.byteLength(body)}`);

const PATHS: HandshakeRow[] = [
  '/nope',
  '/ws/',
  '//ws',
  '/WS',
  '/ws%00',
  '/%77s',
  '/x/../ws',
  '/ws;a=b',
  '/ws#x',
  'http://evil.example/ws',
  '*',
  `/${'a'.repeat(8_000)}`,
  '/socket.io/?EIO=4&transport=websocket',
  '/health/live',
].map((path) => ({
  lesson: 'CONN-1, only / and /ws upgrade',
  what: path.slice(0, 40),
  request: upgrade(`GET ${path} HTTP/1.1`),
  status: 404,
}));

const VERSIONS: HandshakeRow[] = ['8', '0', '7', '12', '14', '013', '13, 8', '-13', '13.0', 'thirteen', ''].map(
  (version) => ({
    lesson: 'CONN-1, only version 13: ws would take 8, a draft of 2011',
    what: `version "${version}"`,
    request: (host) =>
      request('GET / HTTP/1.1', [`Host: ${host}`, ...UPGRADE, KEY, `Sec-WebSocket-Version: ${version}`]),
    status: 426,
  }),
);

const KEYS: HandshakeRow[] = [
  ['no key', []],
  ['an empty key', ['Sec-WebSocket-Key: ']],
  ['a short key', ['Sec-WebSocket-Key: YQ==']],
  ['a long key', [`Sec-WebSocket-Key: ${'a'.repeat(5_000)}`]],
  ['a key that is no base64', ['Sec-WebSocket-Key: ????????????????????????']],
  ['two keys', [KEY, KEY]],
].map(([what, keys]) => ({
  lesson: 'RFC 6455 4.2.1, a key of 16 bytes',
  what: String(what),
  request: (host) => request('GET / HTTP/1.1', [`Host: ${host}`, ...UPGRADE, VERSION, ...(keys as string[])]),
  status: 400,
}));

const HOSTS: HandshakeRow[] = [
  ['no Host', []],
  ['an empty Host', ['Host:']],
  ['two Hosts', ['Host: a', 'Host: b']],
  ['Host: a b', ['Host: a b']],
  ['a Host with a path', ['Host: a/b']],
  ['a Host with a user', ['Host: a@b']],
  ['a Host with markup', ['Host: <script>']],
  ['a Host with a port that is no number', ['Host: a:b']],
].flatMap(([what, hosts]): HandshakeRow[] => {
  const text = request('GET /ws HTTP/1.1', [...(hosts as string[]), ...UPGRADE, VERSION, KEY]);
  const lesson = 'CONN-4, a malformed Host killed the stock adapter';
  return [
    { lesson, what: String(what), request: () => text, status: 400 },
    { lesson, what: `${String(what)}, and a reset`, request: () => text, status: 400, reset: true },
  ];
});

const SMUGGLED: HandshakeRow[] = [
  {
    what: 'an upgrade with Content-Length',
    request: (host: string) => `${upgrade('GET / HTTP/1.1', 'Content-Length: 5')(host)}hello`,
    status: 400,
  },
  {
    what: 'an upgrade in chunks',
    request: (host: string) => `${upgrade('GET / HTTP/1.1', 'Transfer-Encoding: chunked')(host)}0\r\n\r\n`,
    status: 400,
  },
  { what: 'an upgrade by POST', request: upgrade('POST / HTTP/1.1', 'Content-Length: 0'), status: 405 },
  { what: 'an upgrade over HTTP/1.0', request: upgrade('GET / HTTP/1.0'), status: 400 },
  {
    what: 'an upgrade to h2c',
    request: (host: string) => request('GET / HTTP/1.1', [`Host: ${host}`, 'Connection: Upgrade', 'Upgrade: h2c']),
    status: 426,
  },
  {
    what: 'an upgrade to two protocols',
    request: (host: string) =>
      request('GET / HTTP/1.1', [`Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket, h2c', VERSION, KEY]),
    status: 400,
  },
  {
    what: 'Content-Length and Transfer-Encoding',
    request: post('0\r\n\r\nG', 'Content-Length: 6', 'Transfer-Encoding: chunked'),
    status: 400,
  },
  { what: 'two lengths', request: post('{}', 'Content-Length: 2', 'Content-Length: 3'), status: 400 },
  { what: 'a length that is no number', request: post('{}', 'Content-Length: 0x2'), status: 400 },
  { what: 'a negative length', request: post('{}', 'Content-Length: -2'), status: 400 },
  { what: 'an unknown transfer coding', request: post('0\r\n\r\n', 'Transfer-Encoding: xchunked'), status: 400 },
  {
    what: 'a chunk size that overflows',
    request: post('FFFFFFFFFFFFFFFFF\r\n', 'Transfer-Encoding: chunked'),
    status: 400,
  },
  { what: 'line feeds alone', request: (host: string) => `GET / HTTP/1.1\nHost: ${host}\n\n`, status: 400 },
  {
    what: 'a space before the colon',
    request: (host: string) => request('GET / HTTP/1.1', [`Host : ${host}`]),
    status: 400,
  },
  { what: 'a folded header', request: upgrade('GET / HTTP/1.1', 'X: a\r\n b'), status: 400 },
  { what: 'a NUL in a header', request: upgrade('GET / HTTP/1.1', 'X: a\0b'), status: 400 },
  {
    what: 'CONNECT',
    request: (host: string) => request('CONNECT evil.example:80 HTTP/1.1', [`Host: ${host}`]),
    status: 405,
  },
  {
    what: 'a TLS hello',
    request: () => `\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${'x'.repeat(80)}\r\n\r\n`,
    status: 400,
  },
  { what: 'SSH', request: () => 'SSH-2.0-OpenSSH_9.2\r\n\r\n', status: 400 },
  { what: 'HTTP/9.9', request: (host: string) => request('GET / HTTP/9.9', [`Host: ${host}`]), status: 400 },
].map((row) => ({ lesson: 'CONN-1, a proxy and we must read one request alike', ...row }));

const BOMBS: HandshakeRow[] = [
  { what: 'a header of 20 KB', request: upgrade('GET / HTTP/1.1', `X: ${'a'.repeat(20_000)}`), status: 431 },
  { what: 'a header of 1 MB', request: upgrade('GET / HTTP/1.1', `X: ${'a'.repeat(1_000_000)}`), status: 431 },
  {
    what: '3,000 headers',
    request: upgrade('GET / HTTP/1.1', ...Array.from({ length: 3_000 }, (_, i) => `x${i}: 1`)),
    status: 431,
  },
  { what: 'a path of 20 KB', request: upgrade(`GET /${'a'.repeat(20_000)} HTTP/1.1`), status: 431 },
  { what: 'a body of 1 MB', request: sized(`"${'x'.repeat(1_000_000)}"`), status: 413 },
  { what: 'JSON, 40,000 deep', request: sized('['.repeat(40_000) + ']'.repeat(40_000)), status: 400 },
  { what: 'half JSON', request: sized('{"username":'), status: 400 },
  { what: '__proto__ in JSON', request: sized('{"__proto__":{"username":"mallory"}}'), status: 400 },
  { what: 'text that is no UTF-8', request: sized('\xff\xfe'), status: 400 },
  {
    what: 'a charset that is none',
    request: post('{}', 'Content-Type: application/json; charset=utf-77', 'Content-Length: 2'),
    status: 415,
  },
  {
    what: 'gzip that is none',
    request: post('{}', ...json, 'Content-Encoding: gzip', 'Content-Length: 2'),
    status: 400,
  },
  {
    what: 'a path that does not decode',
    request: (host: string) => request('GET /rooms/%E0%A4%A/messages HTTP/1.1', [`Host: ${host}`]),
    status: 400,
  },
  {
    what: 'a way out of the folder',
    request: (host: string) => request('GET /..%2f..%2fpackage.json HTTP/1.1', [`Host: ${host}`]),
    status: 404,
  },
].map((row) => ({ lesson: 'CONN-4, bombs are refused in whole responses', ...row }));

export const HANDSHAKES = [...PATHS, ...VERSIONS, ...KEYS, ...HOSTS, ...SMUGGLED, ...BOMBS];

const HALF = request('GET / HTTP/1.1', ['Host: x', ...UPGRADE]).slice(0, -2);
const HALF_BODY = request('POST /auth/demo HTTP/1.1', ['Host: x', ...json, 'Content-Length: 99'], '{');
const TIMED_OUT = /^HTTP\/1\.1 408 Request Timeout\r\n[^]*Content-Length: 15\r\n\r\nRequest Timeout$/;
const WHOLE_PAGE = request('GET /app.js HTTP/1.1', ['Host: x']);

export const SLOW: SlowRow[] = [
  { what: 'nothing at all', first: '', answer: TIMED_OUT },
  { what: 'half a line', first: 'GET / HT', answer: TIMED_OUT },
  { what: 'half the headers', first: HALF, answer: TIMED_OUT },
  { what: 'a header twice a second', first: HALF, more: 'X: y\r\n', answer: TIMED_OUT },
  { what: 'line ends twice a second', first: '\r\n', more: '\r\n', answer: TIMED_OUT },
  { what: 'half a body', first: HALF_BODY, answer: TIMED_OUT },
  { what: 'a byte of a body twice a second', first: HALF_BODY, more: ' ', answer: TIMED_OUT },
  {
    what: 'nothing more after a request',
    first: request('GET /health/live HTTP/1.1', ['Host: x']),
    answer: /^HTTP\/1\.1 200 /,
  },
  {
    what: 'line ends twice a second after a request',
    first: request('GET /health/live HTTP/1.1', ['Host: x']),
    more: '\r\n',
    answer: /^HTTP\/1\.1 200 /,
  },
  {
    what: 'half a request after another',
    first: `${request('GET /health/live HTTP/1.1', ['Host: x'])}GET /`,
    answer: /^HTTP\/1\.1 200 /,
  },
  {
    what: 'a thousand requests whose answers are not read',
    first: WHOLE_PAGE.repeat(1_000),
    doesRead: false,
    answer: /^$/,
  },
].map((row) => ({ lesson: 'CONN-1, what is slow or half sent is ended within 10 s', ...row }));
