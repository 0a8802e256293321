import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { MessageDelivery } from '../../../src/chat/message-delivery.js';
import { MessageWriter } from '../../../src/chat/message-writer.js';
import type { MessageRepository, MessageRow } from '../../../src/chat/message.repository.js';
import type { PendingMessage } from '../../../src/chat/pending-message.js';
import type { RevocationJournal, UnsettledBatch } from '../../../src/chat/revocation-journal.js';
import { BatchOutcomeUnknownError, BatchRejectedError } from '../../../src/chat/storage-errors.js';
import type { BusMessage } from '../../../src/cluster/bus.js';
import type { ClusterNodes } from '../../../src/cluster/cluster-nodes.js';
import { DEFAULT_OPTIONS } from '../../../src/config/options.js';
import { StorageUnavailableError } from '../../../src/database/storage-errors.js';

/** Keeps what the writer asks of the database, and answers as told. */
class Script {
  readonly batches: string[][] = [];
  readonly revoked: string[][] = [];
  /** One for each insert; none: it works. */
  answers: ((rows: readonly MessageRow[]) => void)[] = [];
  revokeFailures = 0;
  private nextId = 1;

  readonly repository = {
    insertBatch: async (rows: readonly MessageRow[]) => {
      await Promise.resolve();
      this.batches.push(rows.map((row) => row.slug));
      this.answers.shift()?.(rows);
      return { ids: rows.map(() => this.nextId++), heads: new Map() };
    },
    revoke: async (rows: readonly MessageRow[]) => {
      await Promise.resolve();
      if (this.revokeFailures-- > 0) throw new StorageUnavailableError('away');
      this.revoked.push(rows.map((row) => row.slug));
    },
  } as unknown as MessageRepository;
}

/** Notes what senders would be told, and what the journal. */
class Outcomes {
  readonly stored: string[] = [];
  readonly refused: string[] = [];
  readonly noted: string[][] = [];

  readonly journal = {
    note: ({ keys }: UnsettledBatch) => {
      expect(this.refused).toEqual([]);
      return String(this.noted.push(keys.map(({ slug }) => slug)));
    },
    settle: () => this.noted.pop(),
  } as unknown as RevocationJournal;

  /** What other nodes are told, and how this one hears what they tell. */
  readonly told: unknown[] = [];
  hear: (message: Pick<BusMessage, 'data'>) => boolean = () => false;
  readonly nodes = {
    tell: (kind: string, data: unknown) => {
      expect([kind, this.refused]).toEqual(['revoke', []]);
      this.told.push(data);
    },
    handle: (_kind: string, handler: (message: Pick<BusMessage, 'data'>) => boolean) => (this.hear = handler),
  } as unknown as ClusterNodes;

  readonly delivery = {
    stored: (batch: PendingMessage[]) => {
      this.stored.push(...batch.map(({ slug }) => slug));
      return [];
    },
    refused: (batch: PendingMessage[]) => this.refused.push(...batch.map(({ slug }) => slug)),
  } as unknown as MessageDelivery;
}

const UNKNOWN = new BatchOutcomeUnknownError('stamp', { pid: 1, startedAt: 'then' });

function message(slug: string, text = slug): PendingMessage {
  return { room: { id: 1 }, user: { id: 1 }, slug, text } as PendingMessage;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('group commit', () => {
  let script: Script;
  let outcomes: Outcomes;
  let writer: MessageWriter;
  const settled = () => outcomes.stored.length + outcomes.refused.length;

  beforeEach(() => {
    script = new Script();
    outcomes = new Outcomes();
    const { delivery, journal, nodes } = outcomes;
    writer = new MessageWriter(DEFAULT_OPTIONS, script.repository, delivery, journal, nodes);
  });

  test('messages of one turn are one batch, those that come meanwhile the next', async () => {
    script.answers = [() => ['c', 'd'].forEach((slug) => writer.enqueue(message(slug)))];
    writer.enqueue(message('a'));
    writer.enqueue(message('b'));
    await until(() => settled() === 4);
    expect(script.batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('a batch is bounded in messages and in text, and keeps the order', async () => {
    for (let i = 0; i < 1_001; i += 1) writer.enqueue(message(`m${i}`));
    for (const slug of ['x', 'y', 'z']) writer.enqueue(message(slug, slug.repeat(60_000)));
    await until(() => settled() === 1_004);
    expect(script.batches.map((batch) => batch.length)).toEqual([1_000, 3, 1]);
    expect(script.batches.flat()).toEqual([...Array.from({ length: 1_001 }, (_, i) => `m${i}`), 'x', 'y', 'z']);
  });

  test('the senders of a small crowd meet in one batch, with those who waited', async () => {
    // Only setTimeout: what gathers is not to be given up while this test is slow.
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    try {
      const enqueue = (...slugs: string[]) => slugs.forEach((slug) => writer.enqueue(message(slug)));
      script.answers = [() => enqueue('e', 'f', 'g')];
      enqueue('a', 'b', 'c', 'd');
      await until(() => settled() === 4);
      enqueue('a2', 'b2', 'c2');
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(script.batches).toHaveLength(1);
      enqueue('d2');
      await until(() => settled() === 11);
      expect(script.batches.slice(1)).toEqual([['e', 'f', 'g', 'a2', 'b2', 'c2', 'd2']]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('senders who stay away are waited for half as long as the commit took, and 10 ms at most', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const gathered = async (commitMs: number, waitMs: number) => {
        const before = settled();
        script.answers = [() => jest.advanceTimersByTime(commitMs)];
        for (const slug of ['a', 'b', 'c', 'd']) writer.enqueue(message(slug));
        await until(() => settled() === before + 4);
        writer.enqueue(message('e'));
        jest.advanceTimersByTime(waitMs - 1);
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        expect(settled()).toBe(before + 4);
        jest.advanceTimersByTime(1);
        await until(() => settled() === before + 5);
      };
      await gathered(1, 2);
      await gathered(12, 6);
      await gathered(500, 10);
    } finally {
      jest.useRealTimers();
    }
  });

  test('CHAT-6: one bad row is refused alone', async () => {
    const refuseBad = (rows: readonly MessageRow[]) => {
      if (rows.some(({ slug }) => slug === 'bad')) throw new BatchRejectedError('23503');
    };
    script.answers = Array<typeof refuseBad>(20).fill(refuseBad);
    for (const slug of ['a', 'b', 'bad', 'c', 'd']) writer.enqueue(message(slug));
    await until(() => settled() === 5);
    expect([outcomes.stored, outcomes.refused]).toEqual([['a', 'b', 'c', 'd'], ['bad']]);
  });

  test('a refusal for another reason refuses the batch, not the next one', async () => {
    script.answers = [
      () => {
        writer.enqueue(message('later'));
        throw new BatchRejectedError('57014');
      },
    ];
    writer.enqueue(message('a'));
    writer.enqueue(message('b'));
    await until(() => settled() === 3);
    expect([outcomes.stored, outcomes.refused]).toEqual([['later'], ['a', 'b']]);
  });

  test('P10: without a connection everything queued is refused at once', async () => {
    script.answers = [
      () => {
        writer.enqueue(message('queued'));
        throw new StorageUnavailableError('away');
      },
    ];
    writer.enqueue(message('a'));
    await until(() => settled() === 2);
    expect(outcomes.refused).toEqual(['a', 'queued']);
    expect(script.revoked).toEqual([]);
  });

  test('P2: after an unknown outcome nothing is written before the batch is revoked', async () => {
    script.answers = [
      () => {
        throw UNKNOWN;
      },
    ];
    script.revokeFailures = 1;
    writer.enqueue(message('a'));
    await until(() => settled() === 1);
    expect(outcomes.refused).toEqual(['a']);
    expect(outcomes.noted).toEqual([['a']]);
    expect(outcomes.told).toEqual([
      { keys: [{ roomId: 1, userId: 1, slug: 'a' }], stamp: 'stamp', backend: UNKNOWN.backend },
    ]);
    expect(writer.enqueue(message('too early'))).toBe(false);
    await until(() => script.revoked.length === 1);
    await until(() => outcomes.noted.length === 0);
    expect(script.revoked).toEqual([['a']]);
    await until(() => writer.enqueue(message('again')));
    await until(() => settled() === 2);
    expect(outcomes.stored).toEqual(['again']);
  });

  test('what another node refuses is revoked here, too; what makes no sense is not', async () => {
    writer.onModuleInit();
    const keys = [{ roomId: 1, userId: 2, slug: 'theirs' }];
    const backend = { pid: 3, startedAt: 'then' };
    script.revokeFailures = 1;
    expect(outcomes.hear({ data: { keys, stamp: 'stamp', backend } })).toBe(true);
    expect(outcomes.hear({ data: { keys, stamp: 'stamp', backend } })).toBe(true);
    const nonsense = [
      undefined,
      null,
      'revoke',
      { keys: 'all', stamp: 'stamp', backend },
      { keys: [null], stamp: 'stamp', backend },
      { keys: [{ roomId: '1', userId: 2, slug: 'theirs' }], stamp: 'stamp', backend },
      { keys, backend },
      { keys, stamp: 'stamp', backend: { pid: 1.5, startedAt: 'then' } },
    ];
    for (const data of nonsense) expect(outcomes.hear({ data })).toBe(false);
    await until(() => script.revoked.length === 1);
    expect(writer.enqueue(message('a'))).toBe(true);
    await until(() => settled() === 1);
    expect(script.revoked).toEqual([['theirs']]);
  });

  test('a full queue takes nothing more', () => {
    let taken = 0;
    while (writer.enqueue(message(`m${taken}`))) taken += 1;
    expect(taken).toBe(20_000);
  });
});
