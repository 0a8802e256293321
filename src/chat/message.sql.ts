import type { Statement } from '../database/database-connection.js';

/** Class of the advisory locks that order the writers of a room; the second key is the room's id. */
const ROOM_LOCKS = 1_835_625_583;

/**
 * Rooms are locked, in one order everywhere, before the first id is drawn: the `WHERE` of the INSERT needs the locks'
 * count, and PostgreSQL evaluates a condition without columns once, before it reads a row. A room's locks are released
 * when its ids are visible. So nobody ever sees id 5 of a room and later id 4 (P4): an identity column alone does not
 * promise that.
 */
export const INSERT_BATCH: Statement = {
  name: 'messages.insert-batch',
  text: `
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[])
        WITH ORDINALITY AS input (room_id, user_id, slug, message, place)
    ), locks AS MATERIALIZED (
      SELECT pg_advisory_xact_lock(${ROOM_LOCKS}, room_id)
      FROM (SELECT DISTINCT room_id FROM input ORDER BY room_id) AS rooms
    )
    INSERT INTO messages (room_id, user_id, slug, message, created_at)
    SELECT room_id, user_id, slug, message, $5::timestamptz
    FROM input
    WHERE (SELECT count(*) FROM locks) > 0
    ORDER BY place
    ON CONFLICT (room_id, user_id, slug) DO NOTHING
    RETURNING id, room_id, user_id, slug`,
};

const MESSAGE_COLUMNS = 'id, user_id, slug, message_type, message, created_at';

/**
 * Reads rows by their keys, and takes the mark of their batch off them in the same breath. Rows are locked in one order
 * everywhere, so that two nodes cannot deadlock.
 */
export const CONFIRM: Statement = {
  name: 'messages.confirm',
  text: `
    WITH found AS MATERIALIZED (
      SELECT stored.id AS found_id
      FROM messages AS stored
      JOIN unnest($1::int[], $2::int[], $3::text[]) AS key (room_id, user_id, slug) USING (room_id, user_id, slug)
      ORDER BY stored.id
      FOR NO KEY UPDATE OF stored
    )
    UPDATE messages SET created_at = date_trunc('milliseconds', created_at)
    FROM found WHERE id = found_id
    RETURNING room_id, ${MESSAGE_COLUMNS}`,
};

export const CONFIRM_OWN: Statement = {
  name: 'messages.confirm-own',
  text: `
    UPDATE messages SET created_at = date_trunc('milliseconds', created_at)
    WHERE room_id = (SELECT rooms.id FROM rooms WHERE rooms.slug = $1) AND user_id = $2 AND slug = $3
    RETURNING ${MESSAGE_COLUMNS}`,
};

/** Ends the server process that may still be storing a batch. One that has the pid but began later is another. */
export const END_BACKEND: Statement = {
  name: 'messages.end-backend',
  text: `
    SELECT pg_terminate_backend(pid, $3) FROM pg_stat_activity
    WHERE pid = $1 AND backend_start = $2::timestamptz AND pid <> pg_backend_pid()`,
};

export const DELETE_BATCH: Statement = {
  name: 'messages.delete-batch',
  text: `
    DELETE FROM messages AS stored
    USING unnest($1::int[], $2::int[], $3::text[]) AS key (room_id, user_id, slug)
    WHERE stored.room_id = key.room_id AND stored.user_id = key.user_id AND stored.slug = key.slug
      AND stored.created_at = $4::timestamptz`,
};

/** Ids are bigint, but the wire's are numbers: $2 and $3 are safe integers. */
const HISTORY_RANGE = 'room_id = $1 AND id > $2 AND id < $3 AND deleted_at IS NULL';

export const HISTORY_FROM_OLDEST: Statement = {
  name: 'messages.history-from-oldest',
  text: `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${HISTORY_RANGE} ORDER BY id LIMIT $4`,
};

export const HISTORY_FROM_NEWEST: Statement = {
  name: 'messages.history-from-newest',
  text: `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${HISTORY_RANGE} ORDER BY id DESC LIMIT $4`,
};
