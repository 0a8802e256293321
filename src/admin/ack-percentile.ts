/**
 * A percentile out of a histogram, as Prometheus estimates it: within the bucket where it falls, evenly spread.
 *
 * @param counts how many fell into each bucket; the last one has no upper bound
 * @param bounds the upper bounds of all others, ascending
 * @param fraction 0.99 for the 99th percentile
 * @returns in the unit of `bounds`; the last bound for what is beyond it; null when nothing was counted
 */
export function percentile(counts: readonly number[], bounds: readonly number[], fraction: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = total * fraction;
  let below = 0;
  for (const [i, upper] of bounds.entries()) {
    const count = counts[i] ?? 0;
    const lower = bounds[i - 1] ?? 0;
    if (count > 0 && below + count >= rank) return lower + ((upper - lower) * (rank - below)) / count;
    below += count;
  }
  return bounds.at(-1) ?? null;
}
