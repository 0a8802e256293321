import { expect, test } from '@jest/globals';
import { clientAddress } from '../../../src/socket/client-address.js';

function addressOf(remoteAddress: string | undefined, forwarded?: string, trustProxy = false): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddress({ headers: { ...headers, 'x-real-ip': '9.9.9.9' }, socket: { remoteAddress } }, trustProxy);
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8::5', '2001:db8:0:0::/64'],
  ['2001:0db8::1:0:0:5', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, ''],
])('%s counts as %s', (remote, counted) => {
  expect(addressOf(remote)).toBe(counted);
});

test('X-Forwarded-For counts for nothing unless the proxy is trusted', () => {
  expect(addressOf('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
});

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['6.6.6.6, 198.51.100.7', '198.51.100.7'],
  ['6.6.6.6,198.51.100.7 ', '198.51.100.7'],
  ['6.6.6.6, 2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  [`${'6.6.6.6, '.repeat(1_000)}198.51.100.7`, '198.51.100.7'],
])('of X-Forwarded-For: %s the last one counts, which the proxy saw', (forwarded, counted) => {
  expect(addressOf('192.0.2.1', forwarded, true)).toBe(counted);
});

test.each(['', 'unknown', '198.51.100.7,', '198.51.100.7, x', '198.51.100.999', '198.51.100.7:80'])(
  'X-Forwarded-For: "%s" names nobody, and the proxy itself counts',
  (forwarded) => {
    expect(addressOf('192.0.2.1', forwarded, true)).toBe('192.0.2.1');
  },
);
