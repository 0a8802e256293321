const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function count(value: number): string {
  return value < 100_000 ? WHOLE.format(value) : COMPACT.format(value);
}

export function rate(value: number): string {
  return value < 100 ? TENTHS.format(value) : count(value);
}

export function milliseconds(value: number): string {
  if (value >= 1_000) return `${TENTHS.format(value / 1_000)} s`;
  return `${value < 100 ? TENTHS.format(value) : WHOLE.format(value)} ms`;
}

export function megabytes(value: number): string {
  return value < 1_024 ? `${WHOLE.format(value)} MB` : `${TENTHS.format(value / 1_024)} GB`;
}

/** `12 s`, `3 min`, `2 h 5 min`, `3 d 4 h` */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Of the day, in the browser's zone. */
export function clock(time: number, withSeconds = true): string {
  return new Date(time).toLocaleTimeString('en-GB', withSeconds ? {} : { hour: '2-digit', minute: '2-digit' });
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
