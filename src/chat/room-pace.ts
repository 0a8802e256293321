/** How long what a room has to tell may wait for more: nobody reads faster. */
export const PACE_MS = 50;
/** The same where so much is told that it runs past faster than it can be read. */
export const CROWD_PACE_MS = 100;
const CROWD_PER_SECOND = 120;
/** The same in a small room where one message comes after the other, each alone: a write for each member costs little. */
export const LONE_PACE_MS = 5;
export const SMALL_ROOM = 50;

/** How often a room is told what is said in it, by what its members were told last. */
export class RoomPace {
  /** Between two times that it is told. */
  ms = 0;
  private toldAt = -Infinity;

  /** @param members of the room, at any time */
  constructor(private readonly members: { readonly size: number }) {}

  /** Members have just been told `count` messages. */
  told(count: number): void {
    const now = performance.now();
    const seconds = (now - this.toldAt) / 1_000;
    this.toldAt = now;
    if (count === 1 && this.members.size <= SMALL_ROOM) this.ms = LONE_PACE_MS;
    else this.ms = count < CROWD_PER_SECOND * seconds ? PACE_MS : CROWD_PACE_MS;
  }
}
