import type { AuthSuccess, ErrorFrame, MessageView, RoomJoined, ServerFrame } from '../protocol/index.js';

interface Answer {
  readonly requestId?: string;
}

export interface HistoryPage extends Answer {
  readonly type: 'history';
  readonly roomSlug: string;
  readonly messages: readonly MessageView[];
  readonly hasMore: boolean;
}

export type JoinAnswer = RoomJoined & Answer & { readonly lastId?: number; readonly recovered?: boolean };

/** Every frame that this client understands, of protocol 1 and of protocol 2. */
export type Frame =
  | Exclude<ServerFrame, RoomJoined | ErrorFrame | AuthSuccess>
  | (AuthSuccess & { readonly protocol?: number; readonly heartbeatMs?: number })
  | JoinAnswer
  | (ErrorFrame & Answer & { readonly code?: string; readonly retryAfterMs?: number })
  | HistoryPage
  | { readonly type: 'token_expiring'; readonly expiresAt: number }
  | { readonly type: 'reconnect'; readonly retryAfterMs: number }
  | { readonly type: 'room_removed'; readonly roomSlug: string };

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
