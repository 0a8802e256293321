import type { Backend } from '../database/database-connection.js';

/** The server refused the batch: no row of it is stored. */
export class BatchRejectedError extends Error {
  override readonly name = 'BatchRejectedError';

  constructor(
    /** SQLSTATE: '23503' when a room of the batch is gone, for example. */
    readonly sqlState: string,
    options?: ErrorOptions,
  ) {
    super(`The database refused a batch of messages (${sqlState})`, options);
  }
}

/** The batch was sent and no answer came: it may be stored, or may be yet. `MessageRepository.revoke` settles it. */
export class BatchOutcomeUnknownError extends Error {
  override readonly name = 'BatchOutcomeUnknownError';

  constructor(
    /** Marks the rows of this batch: their exact `created_at`. */
    readonly stamp: string,
    /** Who may still be storing them. */
    readonly backend: Backend,
    options?: ErrorOptions,
  ) {
    super('The database did not answer to a batch of messages', options);
  }
}
