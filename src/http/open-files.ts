import { ConfigurationError } from '../config/configuration-error.js';

/** Fewer do not even load the program: it reads its modules side by side, and the embedded database opens many files. */
const LEAST = 256;
/** What the server itself keeps back of them, for its database, modules and logs. */
const MOST_RESERVED = 256;

/** How many files, sockets among them, this process may have open; undefined: not known, or any number. */
export function openFileLimit(): number | undefined {
  // It would ask the name server about every connection that is open.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const limit = userLimits?.open_files?.soft;
  return typeof limit === 'number' ? limit : undefined;
}

/** @throws ConfigurationError where the server could not work */
export function checkOpenFileLimit(limit: number | undefined): void {
  if (limit === undefined || limit >= LEAST) return;
  throw new ConfigurationError(
    'ulimit -n',
    `this process may open ${limit} files; it needs ${LEAST} at least, and one more for each connection`,
  );
}

/** Connections of which the server may take so many and still open files of its own. */
export function connectionsWithin(limit: number): number {
  return limit - Math.min(MOST_RESERVED, Math.floor(limit / 2));
}
