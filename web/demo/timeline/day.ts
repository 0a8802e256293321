/** The local calendar day as a key that sorts: "2026-11-27". */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** "Today", "Yesterday", else "Friday, 13 November" in the reader's own language; with the year when it is another. */
export function dayLabel(day: string, now: number): string {
  if (day === dayOf(now)) return 'Today';
  // Noon, since days are 23 or 25 hours long when the clocks change.
  const noon = new Date(`${day}T12:00`);
  const tomorrow = new Date(noon);
  tomorrow.setDate(noon.getDate() + 1);
  if (dayOf(tomorrow.getTime()) === dayOf(now)) return 'Yesterday';
  const isThisYear = noon.getFullYear() === new Date(now).getFullYear();
  return noon.toLocaleDateString([], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

export function timeLabel(at: number): string {
  return new Date(at).toLocaleTimeString([], { timeStyle: 'short' });
}
