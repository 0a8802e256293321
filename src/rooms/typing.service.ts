import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsBoolean, IsInt, IsString, Min } from 'class-validator';
import type { BusMessage } from '../cluster/bus.js';
import type { TypingMessage } from '../protocol/typing.js';
import type { Connection } from '../socket/connection.js';
import { Refusal } from '../socket/protocol-error.js';
import type { SessionUser } from '../socket/session.js';
import { asShape } from '../validation/shape.js';
import { isMuted, type LiveRoom } from './live-room.js';
import { LiveRooms } from './live-rooms.js';
import { RoomLinks } from './room-links.js';

const TYPING = 'typing';

/** A node's word about somebody who types by way of it. Each node ends by itself what it hears no more of. */
class Word {
  @IsInt()
  @Min(1)
  userId!: number;

  @IsString()
  username!: string;

  @IsBoolean()
  isTyping!: boolean;
}

/** Tells who types, on every node (LIFE-2). */
@Injectable()
export class TypingService implements OnModuleInit {
  constructor(
    private readonly liveRooms: LiveRooms,
    private readonly links: RoomLinks,
  ) {}

  onModuleInit(): void {
    this.links.handle(TYPING, (room, message) => this.heard(room, message));
    this.liveRooms.onLeave((connection, room) => {
      const user = connection.session?.user;
      if (user && room.typists.isBy(connection, user.id)) this.ended(room, user);
    });
  }

  /** @throws Refusal `not_in_room`, `muted` */
  say(connection: Connection, user: SessionUser, { roomSlug, isTyping }: TypingMessage): void {
    const room = this.liveRooms.get(roomSlug);
    const seat = room?.seats.get(connection);
    if (!room || !seat) throw new Refusal('not_in_room');
    if (!isTyping) {
      this.ended(room, user);
      return;
    }
    if (isMuted(seat)) throw new Refusal('muted');
    room.typists.begin(user, connection);
    this.tell(room, user, true);
  }

  /** The user types no more: what was typed is said, or given up. */
  ended(room: LiveRoom, user: SessionUser): void {
    if (room.typists.end(user.id)) this.tell(room, user, false);
  }

  private tell(room: LiveRoom, { id: userId, username }: SessionUser, isTyping: boolean): void {
    this.links.post(room, TYPING, { userId, username, isTyping } satisfies Word, []);
  }

  private heard(room: LiveRoom, { data }: BusMessage): boolean {
    const word = asShape(Word, data) as Word | undefined;
    if (!word) return false;
    const { userId: id, username, isTyping } = word;
    if (isTyping) room.typists.begin({ id, username, name: username });
    else room.typists.end(id);
    return true;
  }
}
