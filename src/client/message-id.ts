/** 1 in 2^128. Not `crypto.randomUUID`: pages on plain http have none. */
export function newMessageId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
