import { describe, expect, test } from '@jest/globals';
import { asReport } from '../../../src/admin/node-report.js';
import { sample } from './samples.js';

const { ackP50Ms: _p50, ackP99Ms: _p99, ...told } = sample(5_000, { connections: 3 });
const report = { version: '1', startedAt: 0, heapLimitBytes: 1_000, samples: [told] };

describe("Another node's report", () => {
  test('is read as it was told, without what is not known here', () => {
    expect(asReport({ ...report, samples: [{ ...told, isNew: true }] })).toEqual(report);
    expect(asReport({ ...report, samples: [] })).toEqual({ ...report, samples: [] });
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'report'],
    ['no samples', { ...report, samples: undefined }],
    ['samples that are none', { ...report, samples: [null] }],
    ['a count that is a text', { ...report, samples: [{ ...told, connections: '3' }] }],
    ['a negative count', { ...report, samples: [{ ...told, rateLimited: -1 }] }],
    ['a rate that is no number', { ...report, samples: [{ ...told, messagesPerSecond: null }] }],
    ['buckets that are no counts', { ...report, samples: [{ ...told, ackCounts: ['1'] }] }],
    ['more samples than 15 minutes hold', { ...report, samples: Array.from({ length: 181 }, () => told) }],
    ['a version that is a book', { ...report, version: 'x'.repeat(10_000) }],
  ])('%s is none', (_what, data) => {
    expect(asReport(data)).toBeUndefined();
  });
});
