import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { BusMetrics } from '../cluster/bus-metrics.js';
import { MILONGA_OPTIONS, type LimitOptions, type MilongaOptions } from '../config/options.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { RoomLinks } from '../rooms/room-links.js';
import type { Connection } from '../socket/connection.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { ChatMetrics } from './chat-metrics.js';
import { newMessageTexts, MessageViews } from './message-views.js';
import type { Latecomer } from './latecomer.js';
import { COMMIT_DEADLINE_MS } from './commit-deadline.js';
import { MessageRepository, type ShownMessage } from './message.repository.js';
import { hintOf, segmentsOf } from './messages-hint.js';
import { RoomAudience } from './room-audience.js';
import { RoomOutput } from './room-output.js';
import { RoomPace } from './room-pace.js';
import { RoomTimeline } from './room-timeline.js';
import { countOf, type Segment } from './segment.js';

const MESSAGES = 'messages';

/**
 * How long a hint that is probably on its way is waited for, before the database is asked instead. A node that has committed
 * messages, but does not know it, because its link to the database is broken, refuses them meanwhile, and has them revoked
 * (P2): nobody is to have seen them before.
 */
const HINT_PATIENCE_MS = COMMIT_DEADLINE_MS + 500;
const GAPS_INTERVAL_MS = 250;
const PAGE = 500;
/** As many bytes of one room leave together at most: more save nothing, and wait at a socket that takes no more at once. */
const MAX_OUTPUT_BYTES = 131_072;
const SWEEP_INTERVAL_MS = 1_000;
/** In how many sweeps every room is looked at once while the bus is up. */
const SWEEPS_A_ROUND = 5;
const ROOMS_A_QUERY = 5_000;

interface Feed {
  readonly timeline: RoomTimeline;
  /** For the members of this node. */
  readonly output: RoomOutput;
  /** For the other nodes: what this one has committed. */
  readonly hints: RoomOutput;
  readonly audience: RoomAudience;
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
  private isSweeping = false;
  private readonly limits: LimitOptions;

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
    this.limits = limits;
  }

  onModuleInit(): void {
    this.links.handle(MESSAGES, (room, message) => this.heard(room, message));
    this.gapTimer = setInterval(() => this.fillGaps(), GAPS_INTERVAL_MS).unref();
    if (!this.bus.isClustered) return;
    this.bus.onRestored(() => void this.sweep([...this.liveRooms.all], true));
    this.sweeper = setInterval(() => void this.sweep(this.due(), !this.bus.isUp), SWEEP_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.gapTimer);
    clearInterval(this.sweeper);
  }

  /** Messages that this node has committed: for its own members, and a hint to the other nodes. */
  committed(room: LiveRoom, segment: Segment): void {
    // Since the messages were taken in, the room may have emptied and filled anew.
    const live = this.liveRooms.get(room.slug);
    if (live?.id !== room.id) {
      this.tell(room, [segment]);
      return;
    }
    this.accept(live, segment);
    if (this.bus.isUp) this.feedOf(live).hints.add([segment]);
  }

  /** The newest id of the room that is known here. */
  cursorOf(room: LiveRoom): number {
    return this.feedOf(room).timeline.cursor;
  }

  /**
   * Holds back from the connection whatever the room has, until `release` or `abandon`.
   *
   * @param lastId parts what the database gives the connection from what the feed will
   */
  hold(connection: Connection, room: LiveRoom, lastId: number): Latecomer {
    return this.feedOf(room).audience.hold(connection, lastId);
  }

  /** What was missed has been sent: what was held back follows, if the connection has its seat. */
  release(connection: Connection, room: LiveRoom, latecomer: Latecomer): void {
    this.feedOf(room).audience.release(connection, latecomer);
  }

  /** As if `hold` had not been called. */
  abandon(connection: Connection, room: LiveRoom, latecomer: Latecomer): void {
    this.feedOf(room).audience.abandon(connection, latecomer);
  }

  private heard(room: LiveRoom, { data, body }: BusMessage): boolean {
    const segments = segmentsOf(data, body);
    for (const segment of segments ?? []) this.accept(room, segment);
    return segments !== undefined;
  }

  private accept(room: LiveRoom, segment: Segment): void {
    const feed = this.feedOf(room);
    feed.output.add(feed.timeline.accept(segment));
    if (feed.timeline.waiting.length === 0) this.gaps.delete(room);
    else if (!this.bus.isUp) void this.fill(room, feed);
    else if (!this.gaps.has(room)) this.gaps.set(room, performance.now());
  }

  /** Hints that are due are given up; all of them, when none come. */
  private fillGaps(): void {
    const due = this.bus.isUp ? performance.now() - HINT_PATIENCE_MS : Infinity;
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
        const { cursor } = timeline;
        const { messages, isWhole } = await this.repository.showAfter(room.id, cursor, PAGE);
        // A whole page that is just being revoked: what is behind it is read at the next look.
        if (!isWhole && messages.length === 0) return;
        isAll = isWhole;
        this.busMetrics.gapsFilled += messages.length;
        feed.output.add(timeline.accept(await this.render(room, cursor, messages)));
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

  private async render({ slug }: LiveRoom, after: number, messages: readonly ShownMessage[]): Promise<Segment> {
    const shown = messages.filter(({ isDeleted }) => !isDeleted);
    const views = await this.views.of(shown, slug);
    const ids = shown.map(({ id }) => id);
    return { after, upTo: messages.at(-1)?.id ?? after, ids, frames: encodeTextFrames(newMessageTexts(views)) };
  }

  private tell(room: LiveRoom, segments: readonly Segment[]): void {
    const { data, body } = hintOf(segments);
    this.links.post(room, MESSAGES, data, body);
  }

  private feedOf(room: LiveRoom): Feed {
    const known = this.feeds.get(room);
    if (known) return known;
    const audience = new RoomAudience(room, this.limits.sendBufferBytes);
    const maxBytes = Math.min(MAX_OUTPUT_BYTES, this.limits.sendBufferBytes / 2);
    const pace = new RoomPace(room.seats);
    const output = new RoomOutput(pace, maxBytes, (segments) => {
      pace.told(countOf(segments));
      this.metrics.deliveries += audience.give(segments);
    });
    const hints = new RoomOutput(pace, maxBytes, (segments) => this.tell(room, segments));
    // After the last one has left, the process may end: nothing is to wait then that other nodes should hear.
    room.settle = () => {
      output.flush();
      hints.flush();
    };
    const feed = { timeline: new RoomTimeline(room.newestId), output, hints, audience, isFilling: false };
    this.feeds.set(room, feed);
    return feed;
  }

  /** The rooms whose turn it is to be compared with the database: all of them where no hints come. */
  private due(): LiveRoom[] {
    this.sweeps += 1;
    const rooms = [...this.liveRooms.all];
    return this.bus.isUp ? rooms.filter(({ id }) => (id + this.sweeps) % SWEEPS_A_ROUND === 0) : rooms;
  }

  /**
   * Finds messages that no hint told of, and that none after them shows to be missing.
   *
   * @param isUrgent no hint of them is on its way
   */
  private async sweep(rooms: readonly LiveRoom[], isUrgent: boolean): Promise<void> {
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
          if (head <= cursor || feed.timeline.cursor !== cursor) continue;
          if (isUrgent) void this.fill(room, feed);
          else if (!this.gaps.has(room)) this.gaps.set(room, performance.now());
        }
      }
    } catch (error) {
      this.logger.warn(`Could not look for missing messages: ${String(error)}`);
    } finally {
      this.isSweeping = false;
    }
  }
}
