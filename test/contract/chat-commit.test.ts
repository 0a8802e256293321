import { expect } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import type { Sql } from '../support/database.js';
import { storedMessageIds } from '../support/rows.js';
import { chatRefused, messageSent, newMessage } from '../support/server-frames.js';
import { describeServer, testWithLiveRows } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';

/** P10 promises 2 s; the rest is for slow machines. */
const REFUSED_WITHIN_MS = 3_500;

describeServer('What is committed', { needs: ['rows'] }, (server) => {
  const liveRows = testWithLiveRows(server);

  /** Runs `work` while nobody can write messages, once the server is waiting to. */
  async function whileWritersWait(start: () => void, work: (sql: Sql) => Promise<void>): Promise<void> {
    await server.arrange(async (sql) => {
      await sql('BEGIN');
      await sql('LOCK TABLE messages IN SHARE MODE');
      start();
      await eventually('A writer waits', async () => {
        const waiting = await sql(`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'messages'::regclass`);
        return waiting.length > 0 ? true : undefined;
      });
      await work(sql);
      await sql('ROLLBACK');
    });
  }

  liveRows('CHAT-1, P1: nothing is acknowledged nor seen before it is committed', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const send = () => {
      ana.client.send(chatMessage(roomSlug, 'not yet', 'm1'));
    };
    await whileWritersWait(send, async () => {
      expect(await bob.client.barrier()).toEqual([]);
      expect(ana.client.takeAll()).toEqual([]);
    });
    const broadcast = newMessage(ana.user, roomSlug, 'not yet', 'm1');
    expect(await ana.client.nextFew(2)).toEqual([messageSent(roomSlug, 'm1'), broadcast]);
    expect(await bob.client.next()).toEqual(broadcast);
  });

  liveRows('P5: who has joined before a message is committed sees it, once', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const { bob } = await server.guests('bob');
    const send = () => {
      ana.client.send(chatMessage(roomSlug, 'for bob, too', 'm1'));
    };
    await whileWritersWait(send, async () => {
      await bob.client.join(roomSlug);
    });
    expect(await bob.client.next()).toEqual(newMessage(ana.user, roomSlug, 'for bob, too', 'm1'));
    expect(await bob.client.barrier()).toEqual([]);
  });

  liveRows('P5: so does who has joined after the sender left an otherwise empty room', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const { bob } = await server.guests('bob');
    const send = () => {
      ana.client.send(chatMessage(roomSlug, 'a note on the door', 'm1'));
    };
    await whileWritersWait(send, async () => {
      await ana.client.leave(roomSlug);
      await bob.client.join(roomSlug);
    });
    expect(await ana.client.next()).toEqual(messageSent(roomSlug, 'm1'));
    expect(await bob.client.next()).toEqual(newMessage(ana.user, roomSlug, 'a note on the door', 'm1'));
  });

  liveRows('P2, P10: what is refused because the commit takes too long is not stored when it could be', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const send = () => {
      ana.client.send(chatMessage(roomSlug, 'too late', 'late'));
    };
    await whileWritersWait(send, async () => {
      expect(await ana.client.next(REFUSED_WITHIN_MS)).toEqual(chatRefused('late'));
    });
    await eventually('Messages are accepted again', async () => {
      const messageId = unique('probe');
      ana.client.send(chatMessage(roomSlug, 'and now?', messageId));
      return (await ana.client.nextWhere('an answer', (frame) => frame['messageId'] === messageId)).type ===
        'message_sent'
        ? true
        : undefined;
    });
    await ana.client.say(roomSlug, 'in time', 'in-time');
    const stored = await server.arrange(async (sql) => storedMessageIds(sql, roomSlug));
    expect(stored).toContain('in-time');
    expect(stored).not.toContain('late');
    await bob.client.barrier();
    expect(JSON.stringify(bob.client.received)).not.toContain('too late');
  });
});
