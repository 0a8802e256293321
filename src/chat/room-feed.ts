import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { IsArray } from 'class-validator';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { BusMetrics } from '../cluster/bus-metrics.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { MessageView, NewMessage } from '../protocol/index.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { RoomLinks } from '../rooms/room-links.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { asShape } from '../validation/shape.js';
import { ChatMetrics } from './chat-metrics.js';
import { MessageViews } from './message-views.js';
import { MessageRepository, type ShownMessage } from './message.repository.js';
import { RoomOutput, type RoomNews } from './room-output.js';
import { textBudget } from './text-budget.js';
import { RoomTimeline, type Segment, type TimelineEntry } from './room-timeline.js';

const MESSAGES = 'messages';

/**
 * The head of a hint: its segments, each as the newest id before it and the ids in it. Its body are the texts of all
 * entries, a line each.
 */
class MessagesHint {
  @IsArray()
  segments!: [after: number, ids: number[]][];
}

/** How long a hint that is probably on its way is waited for, before the database is asked instead; looked at as often. */
const HINT_PATIENCE_MS = 100;
const PAGE = 500;
const SWEEP_INTERVAL_MS = 1_000;
/** In how many sweeps every room is looked at once while the bus is up. */
const SWEEPS_A_ROUND = 5;
const ROOMS_A_QUERY = 5_000;

interface Feed {
  readonly timeline: RoomTimeline;
  readonly output: RoomOutput;
  isFilling: boolean;
}

/**
 * Brings the messages of each room to its members on this node, in the one order that the database has fixed. Other
 * nodes' messages come as hints; what no hint brought is read from the database.
 */
@Injectable()
export class RoomFeed implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(RoomFeed.name);
  private readonly feeds = new WeakMap<LiveRoom, Feed>();
  /** Since when rooms miss messages, on `performance.now()`. */
  private readonly gaps = new Map<LiveRoom, number>();
  private gapTimer: NodeJS.Timeout | undefined;
  private sweeper: NodeJS.Timeout | undefined;
  private sweeps = 0;
  private readonly maxUnits: number;
  private isSweeping = false;

  constructor(
    @Inject(MILONGA_OPTIONS) { limits }: MilongaOptions,
    private readonly liveRooms: LiveRooms,
    private readonly links: RoomLinks,
    private readonly bus: Bus,
    private readonly busMetrics: BusMetrics,
    private readonly metrics: ChatMetrics,
    private readonly repository: MessageRepository,
    private readonly views: MessageViews,
  ) {
    this.maxUnits = textBudget(limits.sendBufferBytes);
  }

  onModuleInit(): void {
    this.links.handle(MESSAGES, (room, message) => this.heard(room, message));
    this.gapTimer = setInterval(() => this.fillGaps(), HINT_PATIENCE_MS).unref();
    if (!this.bus.isClustered) return;
    this.bus.onRestored(() => void this.sweep([...this.liveRooms.all]));
    this.sweeper = setInterval(() => void this.sweep(this.due()), SWEEP_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.gapTimer);
    clearInterval(this.sweeper);
  }

  /** Messages that this node has committed: for its own members, and a hint to the other nodes. */
  committed(room: LiveRoom, segment: Segment): void {
    // Since the messages were taken in, the room may have emptied and filled anew.
    const live = this.liveRooms.get(room.slug);
    if (live?.id === room.id) this.accept(live, segment, this.bus.isUp ? segment : undefined);
    else this.hint(room, [segment]);
  }

  private hint(room: LiveRoom, segments: readonly Segment[]): void {
    const hint: MessagesHint = { segments: segments.map(({ after, entries }) => [after, entries.map(({ id }) => id)]) };
    const texts = segments.flatMap(({ entries }) => entries.map(({ text }) => text));
    this.links.tell(room, MESSAGES, hint, texts.join('\n'));
  }

  private heard(room: LiveRoom, { data, body }: BusMessage): boolean {
    const hint = asShape(MessagesHint, data) as MessagesHint | undefined;
    const segments = hint && segmentsOf(hint, body.split('\n'));
    for (const segment of segments ?? []) this.accept(room, segment);
    return segments !== undefined;
  }

  /** @param own the segment, where the other nodes are to be told of it */
  private accept(room: LiveRoom, segment: Segment, own?: Segment): void {
    const feed = this.feedOf(room);
    feed.output.add(feed.timeline.accept(segment), own);
    if (feed.timeline.waiting.length === 0) this.gaps.delete(room);
    else if (!this.bus.isUp) void this.fill(room, feed);
    else if (!this.gaps.has(room)) this.gaps.set(room, performance.now());
  }

  /** Hints that are due are given up. */
  private fillGaps(): void {
    const due = performance.now() - HINT_PATIENCE_MS;
    for (const [room, since] of this.gaps) if (since <= due) void this.fill(room, this.feedOf(room));
  }

  /** Reads what is missing, page by page, to the end. */
  private async fill(room: LiveRoom, feed: Feed): Promise<void> {
    if (feed.isFilling) return;
    feed.isFilling = true;
    const { timeline } = feed;
    const waiting = new Set(timeline.waiting);
    try {
      for (let isAll = false; !isAll;) {
        const page = await this.repository.showAfter(room.id, timeline.cursor, PAGE);
        isAll = page.length < PAGE;
        this.busMetrics.gapsFilled += page.length;
        feed.output.add(timeline.fill(await this.render(room, page)));
      }
      timeline.forget(waiting);
    } catch (error) {
      this.logger.warn(`Could not read what is missing in a room: ${String(error)}`);
    } finally {
      feed.isFilling = false;
      this.gaps.delete(room);
      if (timeline.waiting.length > 0) this.gaps.set(room, performance.now());
    }
  }

  private async render({ slug }: LiveRoom, messages: readonly ShownMessage[]): Promise<TimelineEntry[]> {
    const views = await this.views.of(messages, slug);
    return messages.map(({ id, isDeleted, createdAt }, i) => {
      if (isDeleted) return { id, text: undefined };
      const data = views[i] as MessageView;
      const frame: NewMessage = { type: 'new_message', data, roomSlug: slug, timestamp: createdAt.getTime() };
      return { id, text: JSON.stringify(frame) };
    });
  }

  private tell(room: LiveRoom, { texts, segments }: RoomNews): void {
    if (segments.length > 0) this.hint(room, segments);
    if (texts.length === 0) return;
    // Once for all members.
    const encoded = encodeTextFrames(texts);
    for (const connection of room.seats.keys()) connection.sendEncoded(encoded, texts.length);
    this.metrics.deliveries += texts.length * room.seats.size;
  }

  private feedOf(room: LiveRoom): Feed {
    const known = this.feeds.get(room);
    if (known) return known;
    const output = new RoomOutput(this.maxUnits, (news) => this.tell(room, news));
    const feed = { timeline: new RoomTimeline(room.newestId), output, isFilling: false };
    room.settle = () => output.flush();
    this.feeds.set(room, feed);
    return feed;
  }

  /** The rooms whose turn it is to be compared with the database: all of them where no hints come. */
  private due(): LiveRoom[] {
    this.sweeps += 1;
    const rooms = [...this.liveRooms.all];
    return this.bus.isUp ? rooms.filter(({ id }) => (id + this.sweeps) % SWEEPS_A_ROUND === 0) : rooms;
  }

  /** Finds messages that no hint told of, and that none after them shows to be missing. */
  private async sweep(rooms: readonly LiveRoom[]): Promise<void> {
    if (this.isSweeping) return;
    this.isSweeping = true;
    try {
      for (let i = 0; i < rooms.length; i += ROOMS_A_QUERY) {
        const chunk = rooms.slice(i, i + ROOMS_A_QUERY);
        const cursors = new Map(chunk.map((room) => [room, this.feedOf(room).timeline.cursor]));
        const heads = await this.repository.heads(chunk.map(({ id }) => id));
        for (const [room, cursor] of cursors) {
          const feed = this.feedOf(room);
          const head = heads.get(room.id) ?? 0;
          // What moved since the question was asked is well informed.
          if (head > cursor && feed.timeline.cursor === cursor) void this.fill(room, feed);
        }
      }
    } catch (error) {
      this.logger.warn(`Could not look for missing messages: ${String(error)}`);
    } finally {
      this.isSweeping = false;
    }
  }
}

/** @returns undefined when texts and ids do not belong together */
function segmentsOf({ segments }: MessagesHint, texts: readonly string[]): Segment[] | undefined {
  const read: Segment[] = [];
  let next = 0;
  for (const segment of segments as unknown[]) {
    if (!Array.isArray(segment)) return undefined;
    const [after, ids] = segment as unknown[];
    if (!Number.isSafeInteger(after) || !Array.isArray(ids) || !ids.every(Number.isSafeInteger)) return undefined;
    read.push({ after: after as number, entries: (ids as number[]).map((id) => ({ id, text: texts[next++] })) });
  }
  return next === texts.length ? read : undefined;
}
