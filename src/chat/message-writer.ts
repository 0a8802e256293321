import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { withDeadline } from '../batching/with-deadline.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { COMMIT_DEADLINE_MS } from './commit-deadline.js';
import { MessageDelivery } from './message-delivery.js';
import { MessageRepository, type MessageRow } from './message.repository.js';
import type { PendingMessage } from './pending-message.js';
import { isUnsettledBatch, RevocationJournal, type UnsettledBatch } from './revocation-journal.js';
import { textBudget } from './text-budget.js';
import { BatchOutcomeUnknownError, BatchRejectedError } from './storage-errors.js';

const MAX_BATCH_MESSAGES = 1_000;
const MAX_QUEUE_MESSAGES = 20_000;
const MAX_QUEUE_TEXT = 32 * 1_048_576;
const REVOKE_RETRY_MS = 250;
const REVOKE = 'revoke';
/** Batches from this size on are of a crowd, whose next messages are waited for. */
const CROWD = 4;
/** So long at most, or for half of what the last commit took where that is more, within bounds. */
const GATHER_MS = 2;
const MAX_GATHER_MS = 10;

/** SQLSTATE classes for which one row of a batch is to blame, not the database: data exception, integrity violation. */
const ROW_FAULT = /^2[23]/;

/**
 * Group commit: one multi-row insert is under way at a time, and what arrives meanwhile is the next one. No timer, so
 * an idle server adds no delay. A message's place in its room's order is fixed when it is queued (CONN-3, P4).
 *
 * When the outcome of an insert cannot be known (the connection broke under it), its messages are refused, and
 * nothing more is written until the database has confirmed that they are not there and never will be (P2).
 */
@Injectable()
export class MessageWriter implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(MessageWriter.name);
  /** UTF-16 units of text in a batch. */
  private readonly maxBatchText: number;
  private queue: PendingMessage[] = [];
  private queuedText = 0;
  private isRunning = false;
  /** Set while a batch gathers. */
  private onQueued: (() => void) | undefined;
  private isRevoking = false;

  constructor(
    @Inject(MILONGA_OPTIONS) { limits }: MilongaOptions,
    private readonly repository: MessageRepository,
    private readonly delivery: MessageDelivery,
    private readonly journal: RevocationJournal,
    private readonly nodes: ClusterNodes,
  ) {
    this.maxBatchText = textBudget(limits.sendBufferBytes);
  }

  onModuleInit(): void {
    this.nodes.handle(REVOKE, ({ data }) => {
      const isOurs = isUnsettledBatch(data);
      if (isOurs) void this.help(data);
      return isOurs;
    });
  }

  /** Before anything is written: what an earlier process could not revoke any more. */
  async onApplicationBootstrap(): Promise<void> {
    for (const [entry, batch] of this.journal.left()) await this.revoke(entry, batch);
  }

  /** @returns false when the message cannot be taken: the queue is full, or the database is away */
  enqueue(message: PendingMessage): boolean {
    if (this.isRevoking || this.queue.length >= MAX_QUEUE_MESSAGES || this.queuedText >= MAX_QUEUE_TEXT) return false;
    this.queue.push(message);
    this.queuedText += message.text.length;
    if (this.isRunning) {
      this.onQueued?.();
    } else {
      this.isRunning = true;
      setImmediate(() => void this.run());
    }
    return true;
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.takeBatch();
      const begunAt = performance.now();
      await this.commit(batch);
      if (batch.length >= CROWD) await this.gather(batch.length, performance.now() - begunAt);
    }
    this.isRunning = false;
  }

  /**
   * Most of the senders of the `committed` messages, who were just acknowledged, are about to send again. With theirs and
   * what waits already, the next batch is as large as the senders allow, and not one of many small ones.
   */
  private gather(committed: number, commitMs: number): Promise<void> {
    const goal = Math.min(committed + this.queue.length, MAX_BATCH_MESSAGES);
    if (this.queue.length >= goal) return Promise.resolve();
    const ms = Math.min(Math.max(GATHER_MS, commitMs / 2), MAX_GATHER_MS);
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.onQueued = undefined;
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.onQueued = () => {
        if (this.queue.length >= goal) go();
      };
    });
  }

  private takeBatch(): PendingMessage[] {
    let text = 0;
    let count = 0;
    for (const message of this.queue) {
      text += message.text.length;
      if (count > 0 && (count === MAX_BATCH_MESSAGES || text > this.maxBatchText)) {
        text -= message.text.length;
        break;
      }
      count += 1;
    }
    this.queuedText -= text;
    if (count === this.queue.length) {
      const batch = this.queue;
      this.queue = [];
      return batch;
    }
    return this.queue.splice(0, count);
  }

  /** Never throws: every message of `batch` is answered. */
  private async commit(batch: PendingMessage[]): Promise<void> {
    const rows = batch.map(toRow);
    const createdAt = new Date();
    try {
      const stored = await this.repository.insertBatch(rows, createdAt, COMMIT_DEADLINE_MS);
      const duplicates = this.delivery.stored(batch, stored, createdAt);
      if (duplicates.length > 0) void this.answerDuplicates(duplicates);
    } catch (error) {
      const isRowFault = error instanceof BatchRejectedError && ROW_FAULT.test(error.sqlState);
      if (isRowFault && batch.length > 1) {
        const middle = batch.length >> 1;
        await this.commit(batch.slice(0, middle));
        await this.commit(batch.slice(middle));
        return;
      }
      this.logger.warn(`Refused ${String(batch.length)} messages: ${String(error)}`);
      const unsettled = error instanceof BatchOutcomeUnknownError ? this.note(rows, error) : undefined;
      // The link to the database may be broken here only: then another node is sooner, before it shows them to anybody.
      if (unsettled) this.nodes.tell(REVOKE, unsettled[1]);
      // All that can be wrong with a row is that its room is gone: trying again is of no use.
      this.delivery.refused(batch, isRowFault ? 'not_in_room' : 'storage_unavailable');
      if (error instanceof BatchRejectedError) return;
      this.refuseQueue();
      if (unsettled) await this.revoke(...unsettled);
    }
  }

  /** CHAT-4: what was not stored because it was there already gets the original's answer. */
  private async answerDuplicates(duplicates: readonly PendingMessage[]): Promise<void> {
    try {
      const originals = this.repository.findBySlugs(duplicates.map(toRow));
      this.delivery.repeated(duplicates, await withDeadline(originals, COMMIT_DEADLINE_MS));
    } catch (error) {
      this.logger.warn(`Could not look ${String(duplicates.length)} messages up: ${String(error)}`);
      this.delivery.refused(duplicates, 'storage_unavailable');
    }
  }

  private note(rows: readonly MessageRow[], { stamp, backend }: BatchOutcomeUnknownError): [string, UnsettledBatch] {
    const keys = rows.map(({ roomId, userId, slug }) => ({ roomId, userId, slug }));
    const batch = { keys, stamp, backend };
    return [this.journal.note(batch), batch];
  }

  private async revoke(entry: string, batch: UnsettledBatch): Promise<void> {
    this.isRevoking = true;
    while (this.isRevoking) {
      try {
        await this.repository.revoke(batch.keys, batch);
        this.journal.settle(entry);
        this.isRevoking = false;
      } catch (error) {
        this.logger.warn(`The database is away: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, REVOKE_RETRY_MS).unref());
      }
    }
  }

  /** Another node may not be able to. If this one can't, either, that one will. */
  private async help(batch: UnsettledBatch): Promise<void> {
    try {
      await this.repository.revoke(batch.keys, batch);
    } catch (error) {
      this.logger.warn(`The database is away for what another node refused: ${String(error)}`);
    }
  }

  private refuseQueue(): void {
    this.delivery.refused(this.queue, 'storage_unavailable');
    this.queue = [];
    this.queuedText = 0;
  }
}

function toRow({ room, user, slug, text }: PendingMessage): MessageRow {
  return { roomId: room.id, userId: user.id, slug, message: text };
}
