import type { OutgoingMessage } from '../../../src/client/index.js';
import { isRecord, readStored, store } from './stored.js';

interface KeptMessage {
  readonly messageId: string;
  readonly text: string;
}

/** So many a room are kept over a reload: a tab has a few megabytes for all. */
const MOST = 200;

/** These would be sent against the will of whoever wrote them. */
const NEVER_AGAIN = new Set(['left', 'user_changed']);

/** What a person said that the server has not acknowledged, kept for this tab: after a reload it is said again, under the same ids (CHAT-4). */
export class Unsent {
  /** Whether a reload would lose something: there is too much of it, or no storage. */
  isAtRisk = false;

  private readonly key: string;
  private readonly bySlug: Map<string, readonly KeptMessage[]>;

  constructor(
    owner: string,
    private readonly storage: Storage = sessionStorage,
  ) {
    this.key = `milonga.unsent.${owner}`;
    const kept = readStored(storage, this.key);
    const entries = isRecord(kept) ? Object.entries(kept) : [];
    this.bySlug = new Map(
      entries.map(([slug, messages]) => [slug, Array.isArray(messages) ? messages.filter(isKept) : []]),
    );
  }

  /** In the order they were said. */
  of(slug: string): readonly KeptMessage[] {
    return this.bySlug.get(slug) ?? [];
  }

  /** Takes over what a room's outbox holds now. */
  keep(slug: string, outbox: readonly OutgoingMessage[]): void {
    const messages = outbox
      .filter(({ error }) => !NEVER_AGAIN.has(error?.code ?? ''))
      .map(({ messageId, text }) => ({ messageId, text }));
    if (messages.length > 0) this.bySlug.set(slug, messages);
    else this.bySlug.delete(slug);
    const all = [...this.bySlug];
    const isStored = store(
      this.storage,
      this.key,
      Object.fromEntries(all.map(([of, some]) => [of, some.slice(0, MOST)])),
    );
    this.isAtRisk = all.length > 0 && (!isStored || all.some(([, some]) => some.length > MOST));
  }

  /** Whoever signs out leaves nothing behind. */
  clear(): void {
    this.bySlug.clear();
    this.isAtRisk = false;
    this.storage.removeItem(this.key);
  }
}

function isKept(value: unknown): value is KeptMessage {
  return isRecord(value) && typeof value['messageId'] === 'string' && typeof value['text'] === 'string';
}
