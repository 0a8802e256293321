import { setTimeout as pause } from 'node:timers/promises';

/** The promise's result, or a clear error after `within` milliseconds. */
export async function bounded<T>(promise: Promise<T>, what: string, within = 10_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what}: nothing within ${within} ms`));
    }, within);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Repeats the attempt until it gives a value.
 *
 * @param what names the condition in the error after `within` milliseconds
 */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  { within = 10_000, every = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not so within ${within} ms`);
    await pause(every);
  }
}
