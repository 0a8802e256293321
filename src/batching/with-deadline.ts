/** What was asked did not answer in time; it may still do so, unheard. */
export class DeadlineError extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${String(milliseconds)} ms`);
  }
}

/**
 * Calls `onDeadline` after `milliseconds`, but not before what has arrived by then was handled: where the process itself
 * stood still, an answer that came in time is no late answer.
 *
 * @returns what cancels it
 */
export function startDeadline(milliseconds: number, onDeadline: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (immediate = setImmediate(onDeadline)), milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/** @throws DeadlineError when `pending` has not settled after `milliseconds` */
export async function withDeadline<T>(pending: Promise<T>, milliseconds: number): Promise<T> {
  let cancel: () => void = () => undefined;
  const deadline = new Promise<never>((_, reject) => {
    cancel = startDeadline(milliseconds, () => reject(new DeadlineError(milliseconds)));
  });
  try {
    return await Promise.race([pending, deadline]);
  } finally {
    cancel();
  }
}
