/** P10: sends are refused within 2 s while the database is away. */
export const COMMIT_DEADLINE_MS = 1_500;
