import type { Statement } from '../database/database-connection.js';

/**
 * Locks the batch's rooms, each until its ids are visible, before the first id is drawn: so nobody ever sees id 5 of a room
 * and later id 4 (P4), which an identity column alone does not promise. The function is made by a migration.
 */
export const INSERT_BATCH: Statement = {
  name: 'messages.insert-batch',
  text: `
    SELECT ids, heads
    FROM store_messages($1::int[], $2::int[], $3::text[], $4::text[], $5::timestamptz, $6::timestamptz)`,
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

/**
 * Whoever reads here shows it to people: the mark of their batch is taken off the rows first, so that they are not revoked
 * any more; one that is just being revoked is left out.
 */
const show = (range: string) => `
    WITH page AS MATERIALIZED (
      SELECT ${MESSAGE_COLUMNS}, deleted_at IS NOT NULL AS is_deleted,
        created_at <> date_trunc('milliseconds', created_at) AS is_marked
      FROM messages WHERE ${range} ORDER BY id LIMIT $3
    ), locked AS MATERIALIZED (
      SELECT stored.id FROM messages AS stored
      WHERE stored.id IN (SELECT page.id FROM page WHERE page.is_marked)
      ORDER BY stored.id FOR NO KEY UPDATE
    ), shown AS (
      UPDATE messages SET created_at = date_trunc('milliseconds', created_at) WHERE id IN (SELECT locked.id FROM locked)
    )
    SELECT ${MESSAGE_COLUMNS}, is_deleted FROM page
    WHERE NOT is_marked OR id IN (SELECT locked.id FROM locked)
    ORDER BY id`;

/** What follows a message in its room, deleted ones too. */
export const SHOW_AFTER: Statement = { name: 'messages.show-after', text: show('room_id = $1 AND id > $2') };

/** What follows a message in its room up to another, that included; without deleted ones. */
export const SHOW_BETWEEN: Statement = {
  name: 'messages.show-between',
  text: show('room_id = $1 AND id > $2 AND id <= $4 AND deleted_at IS NULL'),
};

/** The newest id of each room; 0 where it has no message. */
export const HEADS: Statement = {
  name: 'messages.heads',
  text: `
    SELECT room_id, coalesce((SELECT id FROM messages WHERE messages.room_id = room.room_id ORDER BY id DESC LIMIT 1), 0)
    FROM unnest($1::int[]) AS room (room_id)`,
};
