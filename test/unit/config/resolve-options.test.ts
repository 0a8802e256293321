import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_OPTIONS } from '../../../src/config/options.js';
import { resolveOptions } from '../../../src/config/resolve-options.js';

describe('settings of a host application', () => {
  test('differ from the defaults where they say so, section by section; undefined says nothing', async () => {
    const { heartbeat, limits, presenceGraceMs, tokens } = await resolveOptions({
      tokens: { secret: 'hush' },
      limits: { ratePerSecond: 0 },
      heartbeat: { intervalMs: undefined },
      presenceGraceMs: undefined,
    });
    expect(tokens).toEqual({ ...DEFAULT_OPTIONS.tokens, secret: 'hush' });
    expect(limits).toEqual({ ...DEFAULT_OPTIONS.limits, ratePerSecond: 0 });
    expect(heartbeat).toEqual(DEFAULT_OPTIONS.heartbeat);
    expect(presenceGraceMs).toBe(DEFAULT_OPTIONS.presenceGraceMs);
  });

  test('a node of many needs a database that the others can reach', async () => {
    const settings = { tokens: { secret: 'hush' }, redisUrl: 'redis://h' };
    await expect(resolveOptions(settings)).rejects.toThrow(/^redisUrl: needs database.url/);
    await expect(resolveOptions({ ...settings, database: { url: 'postgres://h/d' } })).resolves.toMatchObject(settings);
  });

  test('without any key a secret is made once, but never in production', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'milonga-test-'));
    try {
      const first = await resolveOptions({ production: false, database: { dataDir } });
      const second = await resolveOptions({ production: false, database: { dataDir }, tokens: { secret: '' } });
      expect(first.tokens.secret).toHaveLength(43);
      expect(second.tokens.secret).toBe(first.tokens.secret);
      await expect(resolveOptions({ production: true, database: { dataDir } })).rejects.toThrow(/^tokens: a secret/);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
