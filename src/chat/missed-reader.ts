import { Inject, Injectable } from '@nestjs/common';
import { Gatherer } from '../batching/gatherer.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { MessageRepository } from './message.repository.js';
import { newMessageTexts, MessageViews } from './message-views.js';

/** What is behind `after` in a room, up to `lastId`. */
interface Stretch {
  readonly room: LiveRoom;
  readonly after: number;
  readonly lastId: number;
}

/** The newest messages of a stretch, oldest first. */
interface Tail {
  readonly entries: readonly { readonly id: number; readonly text: string }[];
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** Reads what clients missed. Those who come back to a room in the same moment, as after a restart, share one query. */
@Injectable()
export class MissedReader {
  private readonly limit: number;
  private readonly gatherer = new Gatherer<Stretch, Promise<string[] | undefined>>((stretches) =>
    Promise.resolve(this.readAll(stretches)),
  );

  constructor(
    @Inject(MILONGA_OPTIONS) { limits }: MilongaOptions,
    private readonly repository: MessageRepository,
    private readonly views: MessageViews,
  ) {
    this.limit = limits.replayLimit;
  }

  /**
   * @returns the JSON of their `new_message` frames, in order; undefined where they are more than `REPLAY_LIMIT`
   * @throws when the database or the user directory cannot be asked
   */
  async read(stretch: Stretch): Promise<string[] | undefined> {
    return this.gatherer.load(stretch);
  }

  private readAll(stretches: readonly Stretch[]): Promise<string[] | undefined>[] {
    const tails = new Map<LiveRoom, { readonly lastId: number; readonly tail: Promise<Tail> }>();
    for (const { room, after, lastId } of unions(stretches)) {
      tails.set(room, { lastId, tail: this.readTail({ room, after, lastId }) });
    }
    return stretches.map(async (stretch) => {
      const shared = tails.get(stretch.room);
      const found = shared && this.partOf(await shared.tail, stretch);
      if (found || shared?.lastId === stretch.lastId) return found;
      // The others' newer messages may have taken the place of its own.
      return this.partOf(await this.readTail(stretch), stretch);
    });
  }

  /** @returns undefined where it does not have all of `stretch`, or that is too long */
  private partOf({ entries, isWhole }: Tail, { after, lastId }: Stretch): string[] | undefined {
    const isCovered = isWhole || after >= (entries[0]?.id ?? 0);
    const texts = entries.filter(({ id }) => id > after && id <= lastId).map(({ text }) => text);
    return isCovered && texts.length <= this.limit ? texts : undefined;
  }

  private async readTail({ room, after, lastId }: Stretch): Promise<Tail> {
    const { messages, isWhole } = await this.repository.showTail(room.id, after, lastId, this.limit + 1);
    const texts = newMessageTexts(await this.views.of(messages, room.slug));
    return { entries: messages.map(({ id }, i) => ({ id, text: texts[i] as string })), isWhole };
  }
}

/** For each room one stretch, in which all of that room's are. */
function unions(stretches: readonly Stretch[]): Iterable<Stretch> {
  const byRoom = new Map<LiveRoom, Stretch>();
  for (const { room, after, lastId } of stretches) {
    const known = byRoom.get(room) ?? { after, lastId };
    byRoom.set(room, { room, after: Math.min(after, known.after), lastId: Math.max(lastId, known.lastId) });
  }
  return byRoom.values();
}
