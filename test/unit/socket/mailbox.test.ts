import { describe, expect, test } from '@jest/globals';
import { Mailbox } from '../../../src/socket/mailbox.js';

class Source {
  paused = false;

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}

interface Job {
  name: string;
  /** Undefined: handled at once. */
  done?: Promise<void>;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

function mailbox(): { source: Source; box: Mailbox<Job>; handled: string[] } {
  const source = new Source();
  const handled: string[] = [];
  const box = new Mailbox<Job>(source, ({ name, done }) => {
    handled.push(name);
    return done;
  });
  return { source, box, handled };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('CONN-3: the mailbox', () => {
  test('handles what needs no time at once', () => {
    const { box, handled } = mailbox();
    box.deliver({ name: 'a' });
    expect(handled).toEqual(['a']);
  });

  test('holds back what is behind a slow one', async () => {
    const { box, handled } = mailbox();
    const slow = deferred();
    for (const job of [{ name: 'a', done: slow.promise }, { name: 'b' }, { name: 'c' }]) box.deliver(job);
    await settled();
    expect(handled).toEqual(['a']);
    slow.resolve();
    await settled();
    expect(handled).toEqual(['a', 'b', 'c']);
    box.deliver({ name: 'd' });
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
  });

  test('stops the source when many wait, and lets it go on', async () => {
    const { source, box } = mailbox();
    const slow = deferred();
    box.deliver({ name: 'slow', done: slow.promise });
    for (let i = 0; i < 31; i += 1) box.deliver({ name: String(i) });
    expect(source.paused).toBe(false);
    box.deliver({ name: 'one more' });
    expect(source.paused).toBe(true);
    slow.resolve();
    await settled();
    expect(source.paused).toBe(false);
  });

  test('drops what waits when it is closed', async () => {
    const { box, handled } = mailbox();
    const slow = deferred();
    box.deliver({ name: 'a', done: slow.promise });
    box.deliver({ name: 'b' });
    box.close();
    box.deliver({ name: 'c' });
    slow.resolve();
    await settled();
    expect(handled).toEqual(['a']);
  });
});
