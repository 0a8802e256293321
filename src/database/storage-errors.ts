/**
 * No connection to the database could be had in time, or it broke, or gave no answer within the deadline.
 *
 * For what changes nothing, and for what may be done twice: say that storage is away, or try again.
 */
export class StorageUnavailableError extends Error {
  override readonly name: string = 'StorageUnavailableError';
}

/** The statement was sent and no answer came: it may have taken effect, or may do so yet. */
export class OutcomeUnknownError extends StorageUnavailableError {
  override readonly name = 'OutcomeUnknownError';
}
