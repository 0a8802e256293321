import { errorOf, MilongaError } from './errors.js';
import type { Frame } from './frames.js';

/** An answer of the server, or why there will be none. */
export type Answered = (answer: Answer | MilongaError) => void;

type Answer = Extract<Frame, { type: 'room_joined' | 'history' | 'room_members' | 'message_sent' | 'error' }>;

/** What a client asks for in a frame, answered one way or another. */
export type Request = (
  | { readonly type: 'join_room'; readonly after?: number }
  | { readonly type: 'history'; readonly before?: number; readonly after?: number; readonly limit?: number }
  | { readonly type: 'room_members' }
  | { readonly type: 'chat_message'; readonly message: string; readonly messageId: string }
) & { readonly roomSlug: string };

interface OpenRequest {
  readonly request: Request;
  readonly answered: Answered;
  readonly sentAt: number;
  readonly size: number;
}

const CLOSED_FOR_SIZE = 1009;

/** The questions that are open on one connection: a server of protocol 1 echoes no `requestId`, but answers in order (CONN-3). */
export class Requests {
  #open = new Map<string, OpenRequest>();
  #count = 0;

  /** @returns the frame's text */
  add(request: Request, answered: Answered): string {
    const key = messageIdOf(request) ?? String(++this.#count);
    const text = JSON.stringify({ ...request, requestId: key });
    this.#open.set(key, { request, answered, sentAt: Date.now(), size: text.length });
    return text;
  }

  /** The frame answers one of them, or nothing that is still asked. */
  settle(frame: Answer): void {
    const key = this.#keyOf(frame);
    const open = key === undefined ? undefined : this.#open.get(key);
    if (key === undefined || open === undefined) return;
    this.#open.delete(key);
    open.answered(frame.type === 'error' ? errorOf(frame) : frame);
  }

  /** When the oldest open one was sent; undefined without any. */
  get oldest(): number | undefined {
    return this.#open.values().next().value?.sentAt;
  }

  /** The connection has ended. If a frame was too big for it, that was the biggest. */
  end(closeCode: number): void {
    const all = [...this.#open.values()];
    this.#open = new Map();
    const biggest = Math.max(...all.map(({ size }) => size));
    for (const { request, answered, size } of all) {
      const isTooBig = closeCode === CLOSED_FOR_SIZE && size === biggest;
      answered(new MilongaError(isTooBig ? 'message_too_long' : 'connection_lost', messageIdOf(request)));
    }
  }

  #keyOf(frame: Answer): string | undefined {
    if ('messageId' in frame) return frame.messageId;
    if ('requestId' in frame) return frame.requestId;
    for (const [key, { request }] of this.#open) {
      const isAnswer =
        frame.type === 'room_joined'
          ? request.type === 'join_room' && request.roomSlug === frame.roomSlug
          : request.type !== 'chat_message';
      if (isAnswer) return key;
    }
    return undefined;
  }
}

export function messageIdOf(request: Request): string | undefined {
  return 'messageId' in request ? request.messageId : undefined;
}
