/** Something that gathers output during a turn of the event loop. */
export interface Flushable {
  flush(): void;
}

let dirty: Flushable[] = [];

/**
 * Has `target` flushed once at the end of this turn of the event loop: whatever a turn has for a connection,
 * be it one frame or two hundred, leaves in one write.
 */
export function flushAfterThisTurn(target: Flushable): void {
  if (dirty.push(target) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const targets = dirty;
  dirty = [];
  for (const target of targets) target.flush();
}
