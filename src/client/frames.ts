import type { ServerFrame } from '../protocol/index.js';

/** Every frame that this client may be sent; on a connection that speaks protocol 1, a part of them. */
export type Frame = ServerFrame;

/** An event to the user (EVENT-1), or a frame of which this client knows nothing. */
export interface UserEvent {
  readonly type: string;
  readonly data: unknown;
  readonly timestamp: number;
}

/** The frame in a WebSocket message. That it is one is looked at; its fields are the server's, which is trusted with them. */
export function frameOf(data: unknown): Frame | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return isFrame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && 'type' in value;
}
