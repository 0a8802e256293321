import { MilongaError } from './errors.js';

/** A message of one's own that the room has not shown yet. */
export interface OutgoingMessage {
  readonly messageId: string;
  readonly text: string;
  /** `failed` ones stay until they are retried or discarded. */
  readonly status: 'waiting' | 'sending' | 'failed';
  readonly error?: MilongaError;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly createdAt: number;
}

/** A message was committed (CHAT-1). */
export interface Receipt {
  readonly messageId: string;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly timestamp: number;
}

interface Pending {
  message: OutgoingMessage;
  isAcknowledged: boolean;
  receipt: Promise<Receipt>;
  resolve: (receipt: Receipt) => void;
  reject: (error: MilongaError) => void;
}

/**
 * What was said in one room and is not shown there yet, in order. One message at a time is on its way: with several, one
 * that is refused for a while could be overtaken by the next.
 */
export class Outbox {
  /** A new array with every change. */
  list: readonly OutgoingMessage[] = [];
  readonly #pending = new Map<string, Pending>();

  constructor(private readonly limit: number) {}

  /** What is here already under that id is no second message: it goes on, or waits again if it had failed (CHAT-4). */
  add(messageId: string, text: string, createdAt: number): Promise<Receipt> {
    const known = this.#pending.get(messageId);
    if (known !== undefined) {
      if (known.message.text !== text) return Promise.reject(new MilongaError('message_conflict', messageId));
      return known.message.status === 'failed' ? this.retry(messageId) : known.receipt;
    }
    if (this.#pending.size >= this.limit) return Promise.reject(new MilongaError('outbox_full', messageId));
    return this.#queue({ messageId, text, status: 'waiting', createdAt });
  }

  /** A failed one waits again, in its old place. */
  retry(messageId: string): Promise<Receipt> {
    const message = this.#pending.get(messageId)?.message;
    if (message?.status !== 'failed') return Promise.reject(new MilongaError('not_found', messageId));
    const { text, createdAt } = message;
    return this.#queue({ messageId, text, status: 'waiting', createdAt });
  }

  /** Takes out one that is not on its way. */
  discard(messageId: string): void {
    const pending = this.#pending.get(messageId);
    if (pending === undefined || pending.message.status === 'sending') return;
    pending.reject(new MilongaError('discarded', messageId));
    this.#remove(messageId);
  }

  /** The next one to send, then on its way; undefined while another is, or when none waits. */
  next(): OutgoingMessage | undefined {
    const all = [...this.#pending.values()];
    if (all.some(({ message, isAcknowledged }) => message.status === 'sending' && !isAcknowledged)) return undefined;
    const pending = all.find(({ message }) => message.status === 'waiting');
    if (pending !== undefined) this.#change(pending, { status: 'sending' });
    return pending?.message;
  }

  /** It could not be sent, or nobody knows whether it was: it is the next one again. */
  putBack(messageId: string): void {
    const pending = this.#pending.get(messageId);
    if (pending?.isAcknowledged === false) this.#change(pending, { status: 'waiting' });
  }

  /** @param willBeShown whether the room is sure to show it, be it after a lost connection */
  acknowledge(receipt: Receipt, willBeShown: boolean): void {
    const pending = this.#pending.get(receipt.messageId);
    if (pending === undefined) return;
    pending.isAcknowledged = true;
    pending.resolve(receipt);
    if (!willBeShown) this.#remove(receipt.messageId);
  }

  /** The room shows it, which is an acknowledgement too. */
  shown(receipt: Receipt): void {
    this.acknowledge(receipt, false);
  }

  fail(messageId: string, error: MilongaError): void {
    const pending = this.#pending.get(messageId);
    if (pending === undefined || pending.isAcknowledged || pending.message.status === 'failed') return;
    this.#change(pending, { status: 'failed', error });
    pending.reject(error);
  }

  failAll(code: string): void {
    for (const messageId of this.#pending.keys()) this.fail(messageId, new MilongaError(code, messageId));
    this.forgetAcknowledged();
  }

  /** At a new join: those are among what was missed, unless somebody deleted them meanwhile. */
  forgetAcknowledged(): void {
    for (const [messageId, { isAcknowledged }] of this.#pending) if (isAcknowledged) this.#remove(messageId);
  }

  #queue(message: OutgoingMessage): Promise<Receipt> {
    let resolve!: Pending['resolve'];
    let reject!: Pending['reject'];
    const receipt = new Promise<Receipt>((...both) => ([resolve, reject] = both));
    this.#pending.set(message.messageId, { message, isAcknowledged: false, receipt, resolve, reject });
    this.#list();
    return receipt;
  }

  #change(pending: Pending, change: Pick<OutgoingMessage, 'status' | 'error'>): void {
    pending.message = { ...pending.message, ...change };
    this.#list();
  }

  #remove(messageId: string): void {
    this.#pending.delete(messageId);
    this.#list();
  }

  #list(): void {
    this.list = Array.from(this.#pending.values(), ({ message }) => message);
  }
}
