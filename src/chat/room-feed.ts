import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { IsArray, IsInt } from 'class-validator';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { BusMetrics } from '../cluster/bus-metrics.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { RoomLinks } from '../rooms/room-links.js';
import type { Connection } from '../socket/connection.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { asShape } from '../validation/shape.js';
import { ChatMetrics } from './chat-metrics.js';
import { newMessageTexts, MessageViews } from './message-views.js';
import { Latecomer } from './latecomer.js';
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
  /** Connections that are not to be given all that the timeline gives. */
  readonly latecomers: Map<Connection, Latecomer>;
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

  private readonly sendBufferBytes: number;

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
    this.sendBufferBytes = limits.sendBufferBytes;
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

  /**
   * Holds back from the connection whatever the room has, until `release` or `abandon`. The room's newest id at this moment,
   * the `lastId` of what is returned, parts what the database gives from what the feed will.
   */
  hold(connection: Connection, room: LiveRoom, newestId: number): Latecomer {
    const { timeline, latecomers } = this.feedOf(room);
    const latecomer = new Latecomer(Math.max(timeline.cursor, newestId), latecomers.get(connection));
    latecomers.set(connection, latecomer);
    return latecomer;
  }

  /** What was missed has been sent: what was held back follows, if the connection has its seat. */
  release(connection: Connection, room: LiveRoom, latecomer: Latecomer): void {
    this.giveLate(connection, room, latecomer.release());
    settle(connection, room, this.feedOf(room), latecomer);
  }

  /** As if `hold` had not been called. */
  abandon(connection: Connection, room: LiveRoom, latecomer: Latecomer): void {
    const { latecomers } = this.feedOf(room);
    const { earlier } = latecomer;
    this.giveLate(connection, room, latecomer.abandon());
    if (earlier) latecomers.set(connection, earlier);
    else latecomers.delete(connection);
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
    this.give(room, feed, feed.timeline.accept(segment));
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
        this.give(room, feed, timeline.fill(await this.render(room, page)));
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
    const texts = newMessageTexts(views);
    return messages.map(({ id, isDeleted }, i) => ({ id, text: isDeleted ? undefined : texts[i] }));
  }

  /** Encoded once for all members. */
  private give(room: LiveRoom, feed: Feed, entries: readonly TimelineEntry[]): void {
    const texts = textsOf(entries);
    if (texts.length > 0) {
      const encoded = encodeTextFrames(texts);
      const members = feed.latecomers.size === 0 ? room.seats.keys() : membersInTime(room, feed);
      for (const connection of members) connection.sendEncoded(encoded, texts.length);
      this.metrics.deliveries += texts.length * room.seats.size;
    }
    for (const [connection, latecomer] of feed.latecomers) {
      this.giveLate(connection, room, latecomer.take(entries));
      if (latecomer.heldLength > this.sendBufferBytes && room.seats.has(connection)) connection.cutOff();
      settle(connection, room, feed, latecomer);
    }
  }

  private giveLate(connection: Connection, room: LiveRoom, entries: readonly TimelineEntry[]): void {
    const texts = textsOf(entries);
    if (texts.length > 0 && room.seats.has(connection)) connection.sendEncoded(encodeTextFrames(texts), texts.length);
  }

  private feedOf(room: LiveRoom): Feed {
    const known = this.feeds.get(room);
    if (known) return known;
    const feed = { timeline: new RoomTimeline(room.newestId), latecomers: new Map(), isFilling: false };
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

function textsOf(entries: readonly TimelineEntry[]): string[] {
  return entries.map(({ text }) => text).filter((text) => text !== undefined);
}

function membersInTime(room: LiveRoom, { latecomers }: Feed): Connection[] {
  return [...room.seats.keys()].filter((connection) => !latecomers.has(connection));
}

/** A latecomer is one no more when the feed has nothing left that the join had included; or when it is gone. */
function settle(connection: Connection, room: LiveRoom, { latecomers, timeline }: Feed, latecomer: Latecomer): void {
  if (latecomer.isHolding) return;
  if (timeline.cursor >= latecomer.lastId || !room.seats.has(connection)) latecomers.delete(connection);
}
