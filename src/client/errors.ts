import type { Frame } from './frames.js';

/**
 * Why something was refused. `code` is the server's (V2-3), or one of the client's own: `connection_lost`, `left`,
 * `outbox_full`, `discarded`, `user_changed`, and `refused` for what a server of protocol 1 does not explain.
 */
export class MilongaError extends Error {
  override readonly name = 'MilongaError';

  constructor(
    readonly code: string,
    readonly messageId?: string,
    /** How long to wait before asking again, in milliseconds, where the server says so. */
    readonly retryAfterMs?: number,
  ) {
    super(code);
  }
}

/** The texts of protocol 1 on which something depends here; its errors carry no code. */
const CODES: Readonly<Record<string, string>> = {
  'Rate limit exceeded': 'rate_limited',
  'Service temporarily unavailable': 'storage_unavailable',
  'Invalid message format': 'invalid_format',
  'Not authenticated': 'not_authenticated',
  'Room not found or access denied': 'room_forbidden',
  'Too many rooms': 'too_many_rooms',
};

export function errorOf({ code, message, messageId, retryAfterMs }: Extract<Frame, { type: 'error' }>): MilongaError {
  return new MilongaError(code ?? CODES[message] ?? 'refused', messageId, retryAfterMs);
}

/** Whether the same request may succeed a little later. */
export function isPassing({ code }: MilongaError): boolean {
  return ['rate_limited', 'storage_unavailable', 'not_authenticated', 'connection_lost'].includes(code);
}

/** Whether asking to be let into a room again is pointless. All else, a fault of the server's own too, is tried again. */
export function isRefusal({ code }: MilongaError): boolean {
  return ['room_forbidden', 'too_many_rooms', 'invalid_format', 'forbidden'].includes(code);
}
