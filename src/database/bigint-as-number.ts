import type { ValueTransformer } from 'typeorm';

/** `pg` gives a bigint as a string. Message ids stay far below 2^53, and the wire shows them as numbers (CHAT-2). */
export const bigintAsNumber: ValueTransformer = {
  to: (value: number | undefined) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
