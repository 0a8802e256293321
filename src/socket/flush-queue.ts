/** Something that gathers output. */
export interface Flushable {
  flush(): void;
}

let dirty: Flushable[] = [];
const paced = new Map<number, Set<Flushable>>();

/**
 * Has `target` flushed once at the end of this turn of the event loop: whatever a turn has for a connection,
 * be it one frame or two hundred, leaves in one write.
 */
export function flushAfterThisTurn(target: Flushable): void {
  if (dirty.push(target) === 1) setImmediate(flushDirty);
}

/** Has `target` flushed within `ms`, in one turn with everything else that waits so long. */
export function flushWithin(ms: number, target: Flushable): void {
  const targets = paced.get(ms);
  if (targets) {
    targets.add(target);
    return;
  }
  paced.set(ms, new Set([target]));
  setTimeout(flushPaced, ms, ms);
}

function flushDirty(): void {
  const targets = dirty;
  dirty = [];
  for (const target of targets) target.flush();
}

function flushPaced(ms: number): void {
  const targets = paced.get(ms) ?? [];
  paced.delete(ms);
  for (const target of targets) target.flush();
}
