import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WebSocketServer, type RawData, type ServerOptions, type WebSocket } from 'ws';
import { clientFrame, closeFrame, OPCODE } from '../../../fuzz/client-frame.mjs';
import { FrameReader } from '../../../src/socket/frame-reader.js';

/** Low enough to be reached. */
const LIMITS = { maxFragments: 3, maxBufferedChunks: 8, closeTimeout: 60_000 };
const UPGRADE = {
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
/** Texts on which the server does something at once. */
const PAUSE = 'pause';
const CLOSE = 'close';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The server's end of a connection; what the client sends is pushed. */
class Wire extends Duplex {
  readonly written: Buffer[] = [];

  override _read(): void {
    // What comes is pushed.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }
}

/** Who reads what a client sends: `ws` alone, or with a `FrameReader` before it. */
class Reading {
  readonly told: unknown[] = [];
  toldByWs = 0;
  readonly wire = new Wire();
  readonly ws: WebSocket;

  constructor(hasReader: boolean, maxPayload: number) {
    const options: ServerOptions = { noServer: true, autoPong: false, perMessageDeflate: false, maxPayload };
    const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers: UPGRADE });
    const accepted: WebSocket[] = [];
    const server = new WebSocketServer({ ...options, ...LIMITS });
    server.handleUpgrade(request, this.wire, Buffer.alloc(0), (ws) => accepted.push(ws));
    this.ws = accepted[0] as WebSocket;
    this.ws.on('message', () => (this.toldByWs += 1));
    if (hasReader) new FrameReader(this.ws, this.wire, maxPayload, (text) => this.take(text));
    else this.ws.on('message', (data: RawData, isBinary) => this.take(isBinary ? null : (data as Buffer).toString()));
    this.ws.on('ping', (payload) => this.told.push(['ping', payload.toString('hex')]));
    this.ws.on('pong', (payload) => this.told.push(['pong', payload.toString('hex')]));
    this.ws.on('error', (error: Error & { code?: string }) => this.told.push(['error', error.code]));
    this.ws.on('close', (code, reason) => this.told.push(['close', code, reason.toString('hex')]));
  }

  /** All that can be seen of it. */
  get outcome(): unknown {
    const written = Buffer.concat(this.wire.written).toString('hex');
    return { told: [...this.told], written, readyState: this.ws.readyState };
  }

  private take(text: string | null): void {
    this.told.push(text);
    if (text === CLOSE) this.ws.close(4001);
    if (text !== PAUSE) return;
    this.ws.pause();
    setImmediate(() => this.ws.resume());
  }
}

const { continuation, text, binary, ping, pong } = OPCODE;
const flag = fc.boolean();
const bytes = fc.uint8Array({ maxLength: 8 }).map((array) => Buffer.from(array));
const long = [100, 101, 125, 126, 300, 301].map((length) => 'a'.repeat(length));
const utf8 = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(PAUSE, CLOSE, '\ufffd', '\ufeff', 'é'.repeat(63), ...long),
);
const controlled = fc.tuple(
  fc.constantFrom(ping, pong),
  fc.oneof({ weight: 4, arbitrary: bytes }, fc.constantFrom(...long)),
);
const inParts = fc.tuple(fc.constantFrom(text, binary), fc.array(utf8, { minLength: 1, maxLength: 4 }), utf8);

/** What clients send, and now and then what they should not. */
const frames = fc.oneof(
  { weight: 24, arbitrary: utf8.map((payload) => clientFrame(text, payload)) },
  { weight: 4, arbitrary: controlled.map((frame) => clientFrame(...frame)) },
  {
    weight: 2,
    arbitrary: inParts.map(([opcode, parts, last]) => {
      const open = parts.map((part, i) => clientFrame(i === 0 ? opcode : continuation, part, { isFinal: false }));
      return Buffer.concat([...open, clientFrame(continuation, last)]);
    }),
  },
  { weight: 1, arbitrary: bytes.map((payload) => clientFrame(text, payload)) },
  { weight: 1, arbitrary: utf8.map((payload) => clientFrame(text, payload, { lengthBits: '16' })) },
  { weight: 1, arbitrary: utf8.map((payload) => clientFrame(text, payload, { lengthBits: '64' })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(999, 1000, 1005, 4000), bytes).map((close) => closeFrame(...close)),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        opcode: fc.constantFrom(continuation, text, binary, 3, ping, pong),
        payload: utf8,
        isFinal: flag,
        isMasked: flag,
        reserved: fc.constantFrom(0, 0, 0, 1, 4),
      })
      .map(({ opcode, payload, ...oddities }) => clientFrame(opcode, payload, oddities)),
  },
  { weight: 1, arbitrary: bytes },
);

/** How many bytes arrive at once, and whether the server has a turn before the next. */
const size = fc.oneof(
  fc.constant(1),
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 200 }),
  fc.constant(9_999),
);
const cut = fc.record({ size, hasTurn: flag });

const delivery = fc.record({
  sent: fc.array(frames, { maxLength: 12 }).map((all) => Buffer.concat(all)),
  cuts: fc.array(cut, { minLength: 1, maxLength: 6 }),
  ends: flag,
  maxPayload: fc.constantFrom(100, 300),
});

type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never;

async function outcomeOf(hasReader: boolean, { sent, cuts, ends, maxPayload }: Delivery): Promise<unknown> {
  const reading = new Reading(hasReader, maxPayload);
  for (let at = 0, i = 0; at < sent.length; i += 1) {
    const { size, hasTurn } = cuts[i % cuts.length] as Delivery['cuts'][number];
    // A copy: it is unmasked in place.
    reading.wire.push(Buffer.from(sent.subarray(at, at + size)));
    at += size;
    if (hasTurn) await turn();
  }
  if (ends) reading.wire.push(null);
  for (let i = 0; i < 4; i += 1) await turn();
  const { outcome } = reading;
  reading.wire.destroy();
  return outcome;
}

describe('CONN-2: frames are read as ws reads them', () => {
  test('whatever the bytes, and however they are cut', async () => {
    const isTheSame = async (given: Delivery) =>
      expect(await outcomeOf(true, given)).toEqual(await outcomeOf(false, given));
    await fc.assert(fc.asyncProperty(delivery, isTheSame), { numRuns: 3_000 });
  });

  test('whole text frames never reach ws, also behind a ping or a frame in parts', async () => {
    const reading = new Reading(true, 300);
    const greeting = 'hello'.repeat(50);
    const hello = clientFrame(text, greeting);
    reading.wire.push(Buffer.concat([hello, clientFrame(ping), hello]));
    for (let i = 0; i < 4; i += 1) reading.wire.push(Buffer.from(hello.subarray(i, i + 1)));
    reading.wire.push(Buffer.concat([hello.subarray(4), hello, hello]));
    await turn();
    expect(reading.told).toEqual([greeting, ['ping', ''], greeting, greeting, greeting, greeting]);
    expect(reading.toldByWs).toBe(1);
    reading.wire.destroy();
  });
});
