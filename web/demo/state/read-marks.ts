import { isRecord, readStored, store } from './stored.js';

/** The highest message id that a person has read in each room, kept on this browser. */
export class ReadMarks {
  private readonly key: string;
  private readonly ids: Map<string, number>;

  constructor(owner: string) {
    this.key = `milonga.read.${owner}`;
    const kept = readStored(localStorage, this.key);
    const entries = isRecord(kept) ? Object.entries(kept) : [];
    this.ids = new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
  }

  /** undefined: this person was never there. */
  get(slug: string): number | undefined {
    return this.ids.get(slug);
  }

  advance(slug: string, id: number): void {
    if (id <= (this.ids.get(slug) ?? -1)) return;
    this.ids.set(slug, id);
    store(localStorage, this.key, Object.fromEntries(this.ids));
  }
}
