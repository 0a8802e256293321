/** What one node tells others. Small: hints about what the database has, and who is where. */
export interface BusMessage {
  /** The node that says it. */
  readonly from: string;
  /** What it is about; each channel has kinds of its own. */
  readonly kind: string;
  /** Whatever goes with it, as JSON. Not checked: who reads it must. */
  readonly data: unknown;
  /** Bytes beside it that are not parsed; often a view of a larger buffer. */
  readonly body: Buffer;
}

export interface Hint {
  readonly kind: string;
  readonly data: unknown;
  /** In pieces that follow one another. */
  readonly body?: readonly Buffer[] | undefined;
}

export type Fields = Readonly<Record<string, string>>;

/** Hears the messages of one channel, but not this node's own. @returns false when the message makes no sense */
export type BusListener = (message: BusMessage) => boolean;

/**
 * The way to the other nodes. Everything that goes over it is a hint: it may be lost, doubled or late, and nobody
 * waits for it before a client is answered. The database is the truth, and so is each node about its own clients.
 */
export abstract class Bus {
  /** This process's name among the nodes, another one after each start. */
  abstract readonly nodeId: string;
  /** Whether there can be other nodes at all. */
  abstract readonly isClustered: boolean;
  /** Whether other nodes hear us, and we them, as far as is known. */
  abstract readonly isUp: boolean;

  /** Tells whoever has subscribed to `channel`. Hints of one node arrive in their order, if they arrive. */
  abstract publish(channel: string, hint: Hint): void;

  /**
   * The same, on a channel to which this node has subscribed.
   *
   * @returns a promise of having heard all that was said there before this; resolves within a short time whatever happens
   */
  abstract publishInTurn(channel: string, hint: Hint): Promise<void>;

  /** Resolves once all that was published is on its way to the others, or after a short time. */
  abstract flushed(): Promise<void>;

  /** @returns a promise of the subscription being in force; resolves within a short time whatever happens */
  abstract subscribe(channel: string, listener: BusListener): Promise<void>;

  abstract unsubscribe(channel: string): void;

  /** @returns how many nodes have subscribed to `channel`, as far as can be known in a short time */
  abstract audience(channel: string): Promise<number>;

  /** Changes the hash `key` in the memory that the nodes share, in order with what is published. */
  abstract update(key: string, set: Fields, remove?: readonly string[]): void;

  /** @returns the hashes under `keys`; undefined when they cannot be had in a short time */
  abstract read(keys: readonly string[]): Promise<Fields[] | undefined>;

  /**
   * Calls `listener` whenever something may have been lost in either direction, once the bus is up again: what this node
   * keeps in the shared memory must be written anew, and what it knows of others read anew.
   */
  abstract onRestored(listener: () => void): void;
}
