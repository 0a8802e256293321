import type { BusMessage, Hint } from './bus.js';

const MAGIC = 'milonga1 ';
const SPACE = 0x20;
const SEPARATOR = 0x0a;

/** `milonga1 <sender> <JSON of kind and data>\n<body>`: who sent it shows without parsing. */
export function encodeEnvelope(from: string, { kind, data, body }: Hint): string | Buffer {
  const head = `${MAGIC}${from} ${JSON.stringify({ kind, data })}\n`;
  return body ? Buffer.concat([Buffer.from(head), ...body]) : head;
}

/** @returns who sent it; undefined when it is nothing of ours */
export function senderOf(payload: Buffer): string | undefined {
  if (payload.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const end = payload.indexOf(SPACE, MAGIC.length);
  return end < 0 ? undefined : payload.toString('latin1', MAGIC.length, end);
}

/** @returns undefined when it is nothing of ours */
export function decodeEnvelope(from: string, payload: Buffer): BusMessage | undefined {
  const start = MAGIC.length + from.length + 1;
  const separator = payload.indexOf(SEPARATOR, start);
  if (separator < 0) return undefined;
  try {
    const { kind, data } = JSON.parse(payload.toString('utf8', start, separator)) as { kind: unknown; data: unknown };
    if (typeof kind !== 'string') return undefined;
    return { from, kind, data, body: payload.subarray(separator + 1) };
  } catch {
    return undefined;
  }
}
