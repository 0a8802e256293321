import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MilongaError } from '../../../src/client/errors.js';
import { Outbox } from '../../../src/client/outbox.js';

const NOW = 1;

function outboxWith(...ids: string[]): { outbox: Outbox; receipts: Record<string, Promise<unknown>> } {
  const outbox = new Outbox(100);
  const receipts: Record<string, Promise<unknown>> = {};
  for (const id of ids) receipts[id] = outbox.add(id, `text of ${id}`, NOW).catch((error: unknown) => error);
  return { outbox, receipts };
}

const states = ({ list }: Outbox) => list.map(({ messageId, status }) => `${messageId} ${status}`);

describe('The outbox', () => {
  test('sends one at a time, in order', () => {
    const { outbox } = outboxWith('a', 'b');
    expect(outbox.next()?.text).toBe('text of a');
    expect(outbox.next()).toBeUndefined();
    outbox.acknowledge({ messageId: 'a', timestamp: 5 }, true);
    expect(outbox.next()?.text).toBe('text of b');
  });

  test('keeps what is acknowledged until the room shows it', async () => {
    const { outbox, receipts } = outboxWith('a');
    outbox.next();
    outbox.acknowledge({ messageId: 'a', timestamp: 5 }, true);
    expect(await receipts['a']).toEqual({ messageId: 'a', timestamp: 5 });
    expect(states(outbox)).toEqual(['a sending']);
    outbox.shown({ messageId: 'a', timestamp: 6 });
    expect(outbox.list).toEqual([]);
  });

  test('what the room shows is acknowledged, whether or not the acknowledgement came', async () => {
    const { outbox, receipts } = outboxWith('a', 'b');
    outbox.next();
    outbox.putBack('a');
    outbox.shown({ messageId: 'a', timestamp: 6 });
    expect(await receipts['a']).toEqual({ messageId: 'a', timestamp: 6 });
    expect(outbox.next()?.messageId).toBe('b');
  });

  test('what was put back is the next one again', () => {
    const { outbox } = outboxWith('a', 'b');
    outbox.next();
    outbox.putBack('a');
    expect(states(outbox)).toEqual(['a waiting', 'b waiting']);
    expect(outbox.next()?.messageId).toBe('a');
  });

  test('what failed stays, holds nobody up, and can be tried again in its place', async () => {
    const { outbox, receipts } = outboxWith('a', 'b');
    const error = new MilongaError('muted', 'a');
    outbox.next();
    outbox.fail('a', error);
    expect(await receipts['a']).toBe(error);
    expect(outbox.next()?.messageId).toBe('b');
    expect(states(outbox)).toEqual(['a failed', 'b sending']);
    const again = outbox.retry('a');
    outbox.acknowledge({ messageId: 'b', timestamp: 5 }, false);
    expect(outbox.next()?.messageId).toBe('a');
    outbox.acknowledge({ messageId: 'a', timestamp: 7 }, false);
    expect(await again).toEqual({ messageId: 'a', timestamp: 7 });
    await expect(outbox.retry('a')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('gives up what waits, not what is on its way', async () => {
    const { outbox, receipts } = outboxWith('a', 'b');
    outbox.next();
    outbox.discard('a');
    outbox.discard('b');
    expect(states(outbox)).toEqual(['a sending']);
    expect(await receipts['b']).toMatchObject({ code: 'discarded', messageId: 'b' });
  });

  test('the same once more is no second message; something else under its id is refused', async () => {
    const { outbox, receipts } = outboxWith('a');
    const again = outbox.add('a', 'text of a', NOW);
    await expect(outbox.add('a', 'something else', NOW)).rejects.toMatchObject({ code: 'message_conflict' });
    expect(states(outbox)).toEqual(['a waiting']);
    outbox.next();
    outbox.fail('a', new MilongaError('muted', 'a'));
    await expect(again).rejects.toMatchObject({ code: 'muted' });
    expect(await receipts['a']).toMatchObject({ code: 'muted' });
    const retried = outbox.add('a', 'text of a', NOW);
    outbox.next();
    outbox.acknowledge({ messageId: 'a', timestamp: 5 }, false);
    expect(await retried).toEqual({ messageId: 'a', timestamp: 5 });
  });

  test('takes only so many', async () => {
    const outbox = new Outbox(1);
    void outbox.add('a', 'a', NOW);
    await expect(outbox.add('b', 'b', NOW)).rejects.toMatchObject({ code: 'outbox_full', messageId: 'b' });
    expect(states(outbox)).toEqual(['a waiting']);
  });

  test('a new join forgets what is acknowledged: what was missed has it', () => {
    const { outbox } = outboxWith('a', 'b');
    outbox.next();
    outbox.acknowledge({ messageId: 'a', timestamp: 5 }, true);
    outbox.forgetAcknowledged();
    expect(states(outbox)).toEqual(['b waiting']);
  });

  test('everything is stored once, in the order said, whatever is lost and refused for a while', async () => {
    const fate = fc.constantFrom('stored', 'lost before', 'lost after', 'refused for a while');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 8 }), fc.array(fate, { maxLength: 30 }), async (count, fates) => {
        const ids = Array.from({ length: count }, (_, n) => `m${n}`);
        const { outbox, receipts } = outboxWith(...ids);
        const stored = new Set<string>();
        for (let next = outbox.next(); next !== undefined; next = outbox.next()) {
          const { messageId } = next;
          const happens = fates.pop() ?? 'stored';
          if (happens === 'stored' || happens === 'lost after') stored.add(messageId);
          if (happens === 'stored') outbox.acknowledge({ messageId, timestamp: NOW }, fates.length % 2 === 0);
          else outbox.putBack(messageId);
        }
        expect([...stored]).toEqual(ids);
        expect(await Promise.all(Object.values(receipts))).toMatchObject(ids.map((messageId) => ({ messageId })));
      }),
    );
  });
});
