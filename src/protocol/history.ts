import { IsInt, Matches, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import type { MessageView } from './chat.js';
import { ClientMessage, type Answer } from './requests.js';
import { ROOM_SLUG } from './rooms.js';

/** Messages of a page, where a client does not say how many. */
export const DEFAULT_PAGE = 50;
/** Most messages of a page, whatever a client says. */
export const MAX_PAGE = 100;

/** Client: what was said in the room (RES-3)? The newest messages, those before `before`, or those after `after`. */
export class HistoryMessage extends ClientMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;

  /** Only messages with a lower id: the newest of them. Not together with `after`. */
  @ValidateIf((history: HistoryMessage) => history.before !== undefined)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @IsAlone('after')
  before?: number;

  /** Only messages with a higher id: the oldest of them. */
  @ValidateIf((history: HistoryMessage) => history.after !== undefined)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;

  @ValidateIf((history: HistoryMessage) => history.limit !== undefined)
  @IsInt()
  @Min(1)
  limit?: number;
}

/** Server: a page of a room's messages (RES-3). */
export interface HistoryPage extends Answer {
  type: 'history';
  roomSlug: string;
  /** Oldest first; deleted ones are left out. */
  messages: MessageView[];
  /** Whether there are more in the direction asked for. */
  hasMore: boolean;
}

function IsAlone(other: keyof HistoryMessage): PropertyDecorator {
  const validate = (_value: unknown, about?: { object: object }) =>
    Reflect.get(about?.object ?? {}, other) === undefined;
  return ValidateBy({ name: 'isAlone', validator: { validate } });
}
