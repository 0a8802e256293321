/** Something that can be ended without its consent. */
export interface Terminable {
  terminate(): void;
}

/** How long the closing handshake of one that does not read is waited for. */
const PATIENCE_MS = 1_000;
const STEP_MS = 5;

const doomed: Terminable[] = [];

/**
 * Ends `target` in a second, unless it ends by itself. The system has megabytes to free for each client that does not
 * read; when hundreds of them are cut off at the same moment, they go one by one, so that nobody else has to wait.
 */
export function terminateInTurn(target: Terminable): void {
  if (doomed.push(target) === 1) setTimeout(terminateNext, PATIENCE_MS).unref();
}

function terminateNext(): void {
  doomed.shift()?.terminate();
  if (doomed.length > 0) setTimeout(terminateNext, STEP_MS).unref();
}
