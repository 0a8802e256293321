import { describe, expect, test } from '@jest/globals';
import { MilongaError } from '../../../src/client/errors.js';
import type { OutgoingMessage } from '../../../src/client/index.js';
import { Unsent } from '../../../web/demo/state/unsent.js';

/** A tab's storage, with room for so many characters. */
class TabStorage implements Storage {
  [name: string]: unknown;
  private readonly items = new Map<string, string>();

  constructor(private readonly room = Infinity) {}

  get length(): number {
    return this.items.size;
  }

  readonly clear = (): void => this.items.clear();
  readonly key = (index: number): string | null => [...this.items.keys()][index] ?? null;
  readonly getItem = (key: string): string | null => this.items.get(key) ?? null;
  readonly removeItem = (key: string): void => {
    this.items.delete(key);
  };
  readonly setItem = (key: string, value: string): void => {
    if (value.length > this.room) throw new Error('QuotaExceededError');
    this.items.set(key, value);
  };
}

const waiting = (...ids: string[]): OutgoingMessage[] =>
  ids.map((messageId) => ({ messageId, text: `text of ${messageId}`, status: 'waiting', createdAt: 1 }));
const failed = (messageId: string, code: string): OutgoingMessage[] =>
  waiting(messageId).map((message) => ({ ...message, status: 'failed', error: new MilongaError(code, messageId) }));

const ids = (unsent: Unsent, slug: string) => unsent.of(slug).map(({ messageId }) => messageId);

describe('What is not sent yet', () => {
  test('is there after a reload, by person and room, in order', () => {
    const storage = new TabStorage();
    new Unsent('ana', storage).keep('tango', waiting('a', 'b'));
    const again = new Unsent('ana', storage);
    expect(again.of('tango')).toEqual([
      { messageId: 'a', text: 'text of a' },
      { messageId: 'b', text: 'text of b' },
    ]);
    expect(again.of('salsa')).toEqual([]);
    expect(new Unsent('bob', storage).of('tango')).toEqual([]);
  });

  test('is gone when it is acknowledged, and when its person signs out', () => {
    const storage = new TabStorage();
    const unsent = new Unsent('ana', storage);
    unsent.keep('tango', waiting('a', 'b'));
    unsent.keep('salsa', waiting('c'));
    unsent.keep('tango', waiting('b'));
    unsent.keep('salsa', []);
    expect([ids(new Unsent('ana', storage), 'tango'), ids(new Unsent('ana', storage), 'salsa')]).toEqual([['b'], []]);
    unsent.clear();
    expect(ids(new Unsent('ana', storage), 'tango')).toEqual([]);
    expect(storage.length).toBe(0);
  });

  test('what was refused is tried again, not what was given up with the room or written under another name', () => {
    const unsent = new Unsent('ana', new TabStorage());
    unsent.keep('tango', [...failed('a', 'muted'), ...failed('b', 'left'), ...failed('c', 'user_changed')]);
    expect(ids(unsent, 'tango')).toEqual(['a']);
  });

  test('is at risk where it is too much, or nothing can be kept', () => {
    const storage = new TabStorage();
    const unsent = new Unsent('ana', storage);
    unsent.keep('tango', waiting(...Array.from({ length: 201 }, (_, n) => `m${n}`)));
    unsent.keep('salsa', waiting('a'));
    expect([unsent.isAtRisk, new Unsent('ana', storage).of('tango').length]).toEqual([true, 200]);
    unsent.keep('tango', waiting('a'));
    expect(unsent.isAtRisk).toBe(false);
    const full = new Unsent('ana', new TabStorage(10));
    full.keep('tango', waiting('a'));
    expect(full.isAtRisk).toBe(true);
    full.keep('tango', []);
    expect(full.isAtRisk).toBe(false);
  });

  test('something else in its place is nothing', () => {
    const storage = new TabStorage();
    storage.setItem('milonga.unsent.ana', '{"tango":[1,{"messageId":2}],"salsa":"x"}');
    expect([ids(new Unsent('ana', storage), 'tango'), ids(new Unsent('ana', storage), 'salsa')]).toEqual([[], []]);
    storage.setItem('milonga.unsent.ana', 'no JSON');
    expect(ids(new Unsent('ana', storage), 'tango')).toEqual([]);
  });
});
