const MAX_UNITS = 131_072;
/** Bytes that a UTF-16 unit of text may take on the wire, doubled. */
const BYTES_PER_UNIT = 6;

/** UTF-16 units of text that may gather before they leave: twice as many fit the send buffer of a connection (LIMIT-3). */
export function textBudget(sendBufferBytes: number): number {
  return Math.min(MAX_UNITS, sendBufferBytes / BYTES_PER_UNIT);
}
