/** Stands in an expected frame for any value of a kind; jest compares through `asymmetricMatch`. */
class Kind {
  readonly $$typeof = Symbol.for('jest.asymmetricMatcher');

  constructor(
    private readonly name: string,
    private readonly matches: (value: unknown) => boolean,
  ) {}

  asymmetricMatch(value: unknown): boolean {
    return this.matches(value);
  }

  toString(): string {
    return this.name;
  }

  toAsymmetricMatcher(): string {
    return `<${this.name}>`;
  }
}

const CLOCK_SLACK_MS = 120_000;

/** Milliseconds since the epoch, an integer, about now. */
export const anyTimestamp: unknown = new Kind(
  'integer milliseconds, about now',
  (value) => Number.isInteger(value) && Math.abs(Number(value) - Date.now()) < CLOCK_SLACK_MS,
);

/** ISO 8601 in UTC, about now. */
export const anyUtcTime: unknown = new Kind(
  'ISO 8601 time in UTC, about now',
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) &&
    Math.abs(Date.parse(value) - Date.now()) < CLOCK_SLACK_MS,
);

export const anyId: unknown = new Kind('positive integer', (value) => Number.isSafeInteger(value) && Number(value) > 0);

export const anyText: unknown = new Kind('non-empty text', (value) => typeof value === 'string' && value !== '');

export function textLike(pattern: RegExp): unknown {
  return new Kind(`text like ${String(pattern)}`, (value) => typeof value === 'string' && pattern.test(value));
}
