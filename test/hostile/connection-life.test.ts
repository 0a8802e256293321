import { test } from '@jest/globals';
import fc from 'fast-check';
import { describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { lives, type Model, type Real } from './connection-model.js';

const RUNS = 25;

describeServer('Any life of a connection', {}, (server) => {
  test('goes as the protocol says', async () => {
    const [user, other] = [await server.makeUser(), await server.makeUser()];
    const begin = async (): Promise<{ model: Model; real: Real }> => ({
      model: { isOpen: true, isAuthenticated: false, rooms: new Set(), sent: new Map() },
      real: { client: await server.connect(), user, other, prefix: unique('life') },
    });
    await fc.assert(
      fc.asyncProperty(lives, async (commands) => {
        await fc.asyncModelRun(begin, commands);
        await server.sendEveryoneHome();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
