import { describe, expect, test } from '@jest/globals';
import { judgeHandshake } from '../../../src/socket/handshake.js';
import { renderRefusal } from '../../../src/socket/refusal.js';

const OPEN: Parameters<typeof judgeHandshake>[1] = {
  allowedOrigins: undefined,
  publicUrl: undefined,
  trustProxy: false,
  production: false,
};
const PRODUCTION = { ...OPEN, production: true };

function judge(url: string, headers: Record<string, string>, options = OPEN): number | undefined {
  return judgeHandshake({ url, headers: { 'sec-websocket-version': '13', ...headers } }, options)?.status;
}

describe('CONN-1: the handshake', () => {
  test.each(['/', '/ws', '/?a=b', '/ws?'])('%s upgrades', (url) => expect(judge(url, {})).toBeUndefined());
  test.each(['/x', '/ws/', '//', '/%77s', '*', ''])('%s is not found', (url) => expect(judge(url, {})).toBe(404));
  test.each(['8', '', '013', '13, 8'])('version "%s" is to be upgraded', (version) => {
    expect(judge('/', { 'sec-websocket-version': version })).toBe(426);
  });

  test('outside production every origin may connect, unless there is a list', () => {
    expect(judge('/', { origin: 'https://any.example' })).toBeUndefined();
    const listed = { ...OPEN, allowedOrigins: ['https://a.example'] };
    expect(judge('/', { origin: 'https://a.example' }, listed)).toBeUndefined();
    expect(judge('/', { origin: 'https://b.example' }, listed)).toBe(403);
    expect(judge('/', {}, listed)).toBeUndefined();
  });

  test('in production without a list the own origin may connect', () => {
    const own = { origin: 'https://chat.example', host: 'chat.example' };
    expect(judge('/', own, PRODUCTION)).toBeUndefined();
    expect(judge('/', { ...own, origin: 'https://evil.example' }, PRODUCTION)).toBe(403);
    expect(judge('/', { ...own, origin: 'null' }, PRODUCTION)).toBe(403);
    expect(judge('/', { origin: 'null' }, PRODUCTION)).toBe(403);
  });

  test('a forwarded host counts only where the proxy is trusted', () => {
    const headers = { origin: 'https://chat.example', host: '10.0.0.1', 'x-forwarded-host': 'chat.example' };
    expect(judge('/', headers, PRODUCTION)).toBe(403);
    expect(judge('/', headers, { ...PRODUCTION, trustProxy: true })).toBeUndefined();
  });

  test('a refusal is a whole response', () => {
    expect(renderRefusal({ status: 426, reason: 'Upgrade Required', headers: { 'Sec-WebSocket-Version': '13' } })).toBe(
      'HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
        'Content-Length: 16\r\nSec-WebSocket-Version: 13\r\n\r\nUpgrade Required',
    );
  });
});
