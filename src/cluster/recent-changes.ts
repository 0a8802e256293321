/** Beats after which a change has been heard, or its loss noticed. */
const KEPT_BEATS = 3;

/**
 * What this node said of late, by what it is about. When Redis is lost, what was said in the seconds before may be lost
 * with it; and while it is away no beat passes, so that nothing of that time is forgotten either.
 */
export class RecentChanges<V> {
  private beats = [new Map<number, V>()];

  /** By id; the newest value of each. */
  get all(): Map<number, V> {
    return new Map(this.beats.toReversed().flatMap((changes) => [...changes]));
  }

  note(id: number, value: V): void {
    this.beats[0]?.set(id, value);
  }

  /** Others have heard of this node once more. */
  beatPassed(): void {
    this.beats = [new Map<number, V>(), ...this.beats].slice(0, KEPT_BEATS);
  }
}
