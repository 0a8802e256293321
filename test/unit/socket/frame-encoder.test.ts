import { describe, expect, test } from '@jest/globals';
import type { Writable } from 'node:stream';
import * as ws from 'ws';
import { NATIVE_PING, encodeTextFrames } from '../../../src/socket/frame-encoder.js';

/** The reading half of `ws`, which its types leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** What a client's `ws` makes of `bytes`. */
function decode(bytes: Buffer): { texts: string[]; pings: number } {
  const receiver = new Receiver({ isServer: false });
  const seen = { texts: [] as string[], pings: 0 };
  receiver.on('message', (data: Buffer) => seen.texts.push(data.toString()));
  receiver.on('ping', () => (seen.pings += 1));
  receiver.write(bytes);
  return seen;
}

describe('frames', () => {
  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('a text of %d bytes is read back', (length) => {
    const text = 'x'.repeat(length);
    expect(decode(encodeTextFrames([text])).texts).toEqual([text]);
  });

  test('lengths count bytes, not characters', () => {
    const text = '🕺 milónga '.repeat(30);
    expect(decode(encodeTextFrames([text])).texts).toEqual([text]);
  });

  test('frames joined into one buffer are read one by one', () => {
    const joined = Buffer.concat([encodeTextFrames(['a', 'ñ']), NATIVE_PING, encodeTextFrames(['b'])]);
    expect(decode(joined)).toEqual({ texts: ['a', 'ñ', 'b'], pings: 1 });
  });
});
