import { RESERVED_TYPES } from '../protocol/index.js';

const MAX_TYPE_LENGTH = 64;

/** The type or the data of an event cannot be sent (EVENT-3). */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
}

/**
 * The frame `{type, data, timestamp}` of an event, as JSON. `data` that JSON has no word for is null.
 *
 * @throws InvalidEventError for a type of the protocol's own, an empty or overlong one, and data that is not JSON
 */
export function eventText(type: string, data: unknown, timestamp: number): string {
  if (typeof type !== 'string' || type === '' || type.length > MAX_TYPE_LENGTH) {
    throw new InvalidEventError(`An event's type is a text of 1 to ${String(MAX_TYPE_LENGTH)} characters`);
  }
  if (RESERVED_TYPES.has(type)) throw new InvalidEventError(`"${type}" is a type of the protocol's own`);
  try {
    return JSON.stringify({ type, data: data ?? null, timestamp });
  } catch (error) {
    throw new InvalidEventError(`The data of "${type}" is not JSON`, { cause: error });
  }
}
