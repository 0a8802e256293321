/** Something that gathers output. */
export interface Flushable {
  flush(): void;
}

/** How long output that need not leave in this turn may wait for more: nobody reads faster. */
export const PACE_MS = 50;

let dirty: Flushable[] = [];
const paced = new Set<Flushable>();

/**
 * Has `target` flushed once at the end of this turn of the event loop: whatever a turn has for a connection,
 * be it one frame or two hundred, leaves in one write.
 */
export function flushAfterThisTurn(target: Flushable): void {
  if (dirty.push(target) === 1) setImmediate(flushDirty);
}

/** Has `target` flushed within `PACE_MS`, in one turn with everything else that waits so. */
export function flushAtPace(target: Flushable): void {
  if (paced.size === 0) setTimeout(flushPaced, PACE_MS);
  paced.add(target);
}

function flushDirty(): void {
  const targets = dirty;
  dirty = [];
  for (const target of targets) target.flush();
}

function flushPaced(): void {
  const targets = [...paced];
  paced.clear();
  for (const target of targets) target.flush();
}
