import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A batch of messages is stored by a function, because each statement inside it sees what was committed before that
 * statement: so, once a room is locked, the newest message before the batch can be told (P4). And nodes of one cluster
 * know each other by their database.
 */
export class StoreMessages1763942400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION store_messages(
        in_rooms int[], in_users int[], in_slugs text[], in_messages text[], in_created_at timestamptz,
        in_deadline timestamptz,
        OUT ids text, OUT heads text
      ) LANGUAGE plpgsql AS $function$
      DECLARE
        stored bigint[];
        lone bigint;
      BEGIN
        -- Rooms in one order everywhere, so that two nodes cannot deadlock; 1835625583 is the class of these locks.
        PERFORM pg_advisory_xact_lock(1835625583, room)
        FROM (SELECT DISTINCT unnest(in_rooms) AS room ORDER BY room) AS rooms;

        -- Its sender has given it up by now, and has told the clients so.
        IF clock_timestamp() > in_deadline THEN
          RAISE EXCEPTION 'too late' USING ERRCODE = '57014';
        END IF;

        -- A lone message takes a third less time without the machinery for many.
        IF cardinality(in_rooms) = 1 THEN
          SELECT messages.id INTO lone FROM messages
          WHERE messages.room_id = in_rooms[1] ORDER BY messages.id DESC LIMIT 1;
          heads := in_rooms[1] || ':' || coalesce(lone, 0);

          lone := NULL;
          INSERT INTO messages (room_id, user_id, slug, message, created_at)
          VALUES (in_rooms[1], in_users[1], in_slugs[1], in_messages[1], in_created_at)
          ON CONFLICT (room_id, user_id, slug) DO NOTHING
          RETURNING messages.id INTO lone;
          ids := coalesce(lone::text, '');
          RETURN;
        END IF;

        SELECT string_agg(room || ':' || coalesce(
          (SELECT messages.id FROM messages WHERE messages.room_id = room ORDER BY messages.id DESC LIMIT 1), 0), ',')
        INTO heads
        FROM (SELECT DISTINCT unnest(in_rooms) AS room) AS rooms;

        WITH inserted AS (
          INSERT INTO messages (room_id, user_id, slug, message, created_at)
          SELECT room_id, user_id, slug, message, in_created_at
          FROM unnest(in_rooms, in_users, in_slugs, in_messages)
            WITH ORDINALITY AS input (room_id, user_id, slug, message, place)
          ORDER BY place
          ON CONFLICT (room_id, user_id, slug) DO NOTHING
          RETURNING messages.id
        )
        SELECT array_agg(inserted.id ORDER BY inserted.id) INTO stored FROM inserted;

        -- Ids were drawn in the order of the input. With repeats among it, each is found by its key.
        IF cardinality(stored) = cardinality(in_rooms) THEN
          ids := array_to_string(stored, ',');
        ELSE
          SELECT string_agg(coalesce(found.id::text, ''), ',' ORDER BY input.place) INTO ids
          FROM (
            SELECT *, row_number() OVER (PARTITION BY room_id, user_id, slug ORDER BY place) AS nth
            FROM unnest(in_rooms, in_users, in_slugs) WITH ORDINALITY AS pieces (room_id, user_id, slug, place)
          ) AS input
          LEFT JOIN messages AS found
            ON input.nth = 1 AND found.id = ANY(stored)
            AND found.room_id = input.room_id AND found.user_id = input.user_id AND found.slug = input.slug;
        END IF;
      END
      $function$`);

    await runner.query('CREATE TABLE cluster_identity (id uuid NOT NULL DEFAULT gen_random_uuid())');
    await runner.query('INSERT INTO cluster_identity DEFAULT VALUES');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cluster_identity');
    await runner.query('DROP FUNCTION store_messages');
  }
}
