import base from './jest.config.js';

// Suites of `contract` that judge any server get two nodes, and their clients connect to one after the other.
process.env.TEST_NODES = '2';

const CONTRACT =
  'admin,chat,chat-commit,chat-idempotency,chat-order,connection-limits,events,life,presence,protocol-2,rate-limit,rest,' +
  'resume,room-access,room-history,rooms,stats';

/**
 * The tests of many nodes: `npm run test:cluster`, with TEST_DATABASE_URL, TEST_REDIS_URL (else the Redis on this
 * machine), and a redis-server and PostgreSQL binaries for those that hurt them. Not part
 * of `npm test`, as a fresh machine may have neither.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  // Three nodes, PostgreSQL and Redis are enough for two cores.
  maxWorkers: 1,
  testMatch: ['<rootDir>/test/cluster/**/*.test.ts', `<rootDir>/test/contract/{${CONTRACT}}.test.ts`],
};
