import type { BusMessage, Hint } from './bus.js';

const MAGIC = 'milonga1 ';
const SEPARATOR = '\n';

/** `milonga1 <sender> <JSON of kind and data>\n<body>`: who sent it shows without parsing. */
export function encodeEnvelope(from: string, { kind, data, body = '' }: Hint): string {
  return `${MAGIC}${from} ${JSON.stringify({ kind, data })}${SEPARATOR}${body}`;
}

/** @returns who sent it; undefined when it is nothing of ours */
export function senderOf(payload: string): string | undefined {
  if (!payload.startsWith(MAGIC)) return undefined;
  const end = payload.indexOf(' ', MAGIC.length);
  return end < 0 ? undefined : payload.slice(MAGIC.length, end);
}

/** @returns undefined when it is nothing of ours */
export function decodeEnvelope(from: string, payload: string): BusMessage | undefined {
  const start = MAGIC.length + from.length + 1;
  const separator = payload.indexOf(SEPARATOR, start);
  if (separator < 0) return undefined;
  try {
    const { kind, data } = JSON.parse(payload.slice(start, separator)) as { kind: unknown; data: unknown };
    if (typeof kind !== 'string') return undefined;
    return { from, kind, data, body: payload.slice(separator + 1) };
  } catch {
    return undefined;
  }
}
