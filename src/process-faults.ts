/** Whoever read our output has gone, or its disk is full: what is logged is lost, and the clients are served on. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/**
 * An error that nobody caught leaves the process in a state that nobody knows: it says so and ends, and whoever
 * supervises it starts another. What was acknowledged is in the database.
 */
export function endOnFault(): void {
  const end = (fault: unknown) => {
    const text = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    process.stderr.write(`Milonga ends: nobody caught this error. ${text}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
