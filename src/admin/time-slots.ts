/** Samples are taken at the same moments on every node: whole multiples of this, on the wall clock. */
export const SLOT_MS = 5_000;
/** How far back the dashboard looks. */
export const WINDOW_MS = 15 * 60_000;

/** The slot boundary nearest to `now`: a timer may fire a moment early. */
export function slotAt(now: number): number {
  return Math.round(now / SLOT_MS) * SLOT_MS;
}

/** Milliseconds until the boundary after the one nearest to `now`. */
export function untilNextSlot(now: number): number {
  return slotAt(now) + SLOT_MS - now;
}
