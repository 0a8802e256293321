import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const NETWORK_GROUPS = 4;

/** What is known of a request's sender. */
export type Sender = Pick<IncomingMessage, 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/**
 * Whom to count a request against: an IPv4 address, or an IPv6 network /64, of which one customer has all addresses.
 *
 * Behind a proxy that is trusted it is the last address in X-Forwarded-For, the one that this proxy saw: what stands
 * before it came from the client and may say anything. No other header counts, and none without `trustProxy`.
 */
export function clientAddress({ headers, socket }: Sender, trustProxy: boolean): string {
  const forwarded = trustProxy ? lastOf(headers['x-forwarded-for']) : undefined;
  return networkOf(forwarded ?? socket.remoteAddress ?? '');
}

/** Undefined where the last entry is no address: a proxy that writes none is counted itself. */
function lastOf(header: string | string[] | undefined): string | undefined {
  const last = String(header ?? '')
    .slice(-64)
    .split(',')
    .at(-1)
    ?.trim();
  return last !== undefined && isIP(last) !== 0 ? last : undefined;
}

function networkOf(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [left = '', right = ''] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::');
  const [head, tail] = [groupsOf(left), groupsOf(right)];
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const groups = [...head, ...zeros, ...tail].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
