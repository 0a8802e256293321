/** 1 to 64 characters, none of them a control, format or line-breaking one (V2-2). */
export const REQUEST_ID = /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u;

/** What any frame of a client may carry once its connection speaks protocol 2 (V2-2). */
export abstract class ClientMessage {
  /** The client's own name for its request, given back by the direct answer. Absent on a v1 connection. */
  declare requestId?: string;
}

/** What every direct answer, refusals too, gives back to a client that asked by a `requestId` (V2-2). */
export interface Answer {
  requestId?: string | undefined;
}
