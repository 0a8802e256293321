import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { IsArray, IsInt } from 'class-validator';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { BusMetrics } from '../cluster/bus-metrics.js';
import type { MessageView, NewMessage } from '../protocol/index.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { RoomLinks } from '../rooms/room-links.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { asShape } from '../validation/shape.js';
import { ChatMetrics } from './chat-metrics.js';
import { MessageViews } from './message-views.js';
import { MessageRepository, type ShownMessage } from './message.repository.js';
import { RoomTimeline, type Segment, type TimelineEntry } from './room-timeline.js';

const MESSAGES = 'messages';

/** The head of a hint; its body are the entries' texts, a line each. */
class MessagesHint {
  @IsInt()
  after!: number;

  @IsArray()
  ids!: number[];
}

/** How long other nodes' messages wait for a commit of this node, to leave in one write with what it brings. */
const GATHER_MS = 20;
/** How long a hint that is probably on its way is waited for, before the database is asked instead; looked at as often. */
const HINT_PATIENCE_MS = 100;
const PAGE = 500;
const SWEEP_INTERVAL_MS = 1_000;
/** In how many sweeps every room is looked at once while the bus is up. */
const SWEEPS_A_ROUND = 5;
const ROOMS_A_QUERY = 5_000;

interface Feed {
  readonly timeline: RoomTimeline;
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
  /** What other nodes have told since a commit of this node began. */
  private gathered: { readonly room: LiveRoom; readonly segment: Segment }[] = [];
  private gathering: NodeJS.Timeout | undefined;
  /** Since when rooms miss messages, on `performance.now()`. */
  private readonly gaps = new Map<LiveRoom, number>();
  private gapTimer: NodeJS.Timeout | undefined;
  private sweeper: NodeJS.Timeout | undefined;
  private sweeps = 0;
  private isSweeping = false;

  constructor(
    private readonly liveRooms: LiveRooms,
    private readonly links: RoomLinks,
    private readonly bus: Bus,
    private readonly busMetrics: BusMetrics,
    private readonly metrics: ChatMetrics,
    private readonly repository: MessageRepository,
    private readonly views: MessageViews,
  ) {}

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

  /**
   * A commit of this node begins: what other nodes tell waits for its end. Under load each member so gets one write for
   * both; the members' own messages would have to wait for the others' anyway.
   */
  commitBegins(): void {
    if (this.bus.isUp) this.gathering ??= setTimeout(() => this.commitEnds(), GATHER_MS).unref();
  }

  commitEnds(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    const { gathered } = this;
    this.gathered = [];
    for (const { room, segment } of gathered) this.accept(room, segment);
  }

  /** Messages that this node has committed: for its own members, and a hint to the other nodes. */
  committed(room: LiveRoom, segment: Segment): void {
    if (this.bus.isUp) {
      const hint: MessagesHint = { after: segment.after, ids: segment.entries.map(({ id }) => id) };
      this.links.tell(room, MESSAGES, hint, segment.entries.map(({ text }) => text).join('\n'));
    }
    // Since the messages were taken in, the room may have emptied and filled anew.
    const live = this.liveRooms.get(room.slug);
    if (live?.id === room.id) this.accept(live, segment);
  }

  private heard(room: LiveRoom, { data, body }: BusMessage): boolean {
    const hint = asShape(MessagesHint, data) as MessagesHint | undefined;
    const texts = body.split('\n');
    if (hint?.ids.length !== texts.length || !hint.ids.every(Number.isSafeInteger)) return false;
    const segment = { after: hint.after, entries: hint.ids.map((id, i) => ({ id, text: texts[i] })) };
    if (this.gathering) this.gathered.push({ room, segment });
    else this.accept(room, segment);
    return true;
  }

  private accept(room: LiveRoom, segment: Segment): void {
    const feed = this.feedOf(room);
    this.give(room, feed.timeline.accept(segment));
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
        this.give(room, timeline.fill(await this.render(room, page)));
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

  /** Encoded once for all members. */
  private give(room: LiveRoom, entries: readonly TimelineEntry[]): void {
    const texts = entries.map(({ text }) => text).filter((text) => text !== undefined);
    if (texts.length === 0) return;
    const encoded = encodeTextFrames(texts);
    for (const connection of room.seats.keys()) connection.sendEncoded(encoded, texts.length);
    room.messages += texts.length;
    this.metrics.deliveries += texts.length * room.seats.size;
  }

  private feedOf(room: LiveRoom): Feed {
    const known = this.feeds.get(room);
    if (known) return known;
    const feed = { timeline: new RoomTimeline(room.newestId), isFilling: false };
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
