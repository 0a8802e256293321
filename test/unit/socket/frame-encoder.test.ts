import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Writable } from 'node:stream';
import * as ws from 'ws';
import { NATIVE_PING, encodeTextFrames, frameEnds, joinSmall } from '../../../src/socket/frame-encoder.js';

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

  test('are found again in the buffer that they share, whatever their lengths', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('x'.repeat(126), 'ñ'.repeat(40_000)));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const encoded = encodeTextFrames(texts);
        const ends = frameEnds(encoded) ?? [];
        const frames = ends.map((end, i) => encoded.subarray(ends[i - 1] ?? 0, end));
        expect(frames.flatMap((frame) => decode(frame).texts)).toEqual(texts);
      }),
      { numRuns: 30 },
    );
  });

  test('small pieces are joined, large ones handed on as they are, all in their order', () => {
    const piece = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.nat(9).map((n) => Buffer.alloc(20_000, n)),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        const joined = joinSmall(pieces);
        expect(Buffer.concat(joined).equals(Buffer.concat(pieces))).toBe(true);
        const large = pieces.filter(({ length }) => length === 20_000);
        for (const each of large) expect(joined).toContain(each);
        expect(joined.length).toBeLessThanOrEqual(2 * large.length + 1);
      }),
    );
  });

  test('are not found where there are no whole ones', () => {
    const whole = encodeTextFrames(['a', 'x'.repeat(200), 'y'.repeat(70_000)]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (end) => {
        const ends = frameEnds(whole.subarray(0, end));
        expect(ends === undefined || ends.at(-1) === end).toBe(true);
      }),
    );
    expect(frameEnds(Buffer.from('{"type":"new_message"}'))).toBeUndefined();
    expect(frameEnds(NATIVE_PING)).toBeUndefined();
    expect(frameEnds(Buffer.from([0x81, 0x80 | 1, 0, 0, 0, 0, 0]))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void frameEnds(Buffer.from(bytes))));
  });
});
