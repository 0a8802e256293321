/** How many are named before the rest is counted. */
const MOST_NAMES = 3;

/** "Ana, Bruno and 3 others" */
export function nameList(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names;
  const others = names.length - shown.length;
  const parts = others === 0 ? shown : [...shown, `${others} others`];
  return parts.length === 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
