import { expect, test } from '@jest/globals';
import { auth } from '../support/client-frames.js';
import { authSuccess } from '../support/server-frames.js';
import type { Guest } from '../support/server.js';
import { describeServer } from '../support/suite.js';
import { claimsFor, secondsFromNow, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';

const GRACE_MS = 25_000;
/** Far more than it takes to notice an expired token, far less than the grace. */
const WELL_INTO_THE_GRACE_MS = 15_000;

describeServer('Token expiry', { needs: ['secret'], on: 'one' }, (server) => {
  const expired = async ({ user }: Pick<Guest, 'user'>) => signToken(claimsFor(user.id, { exp: secondsFromNow(-2) }));
  const lasting = async ({ user }: Guest) => signToken(claimsFor(user.id, { exp: secondsFromNow(3600) }));

  // The grace is no setting: these tests take its 25 s, all of them together. A token that has just expired is still
  // accepted (AUTH-2), so nothing has to wait for the expiry itself.
  test(
    'AUTH-6, AUTH-7: after its token expired a connection lives on for the grace, and longer only when refreshed',
    async () => {
      const roomSlug = unique('room');
      const { shortened, extended, untouched } = await server.members(roomSlug, 'shortened', 'extended', 'untouched');
      const begun = Date.now();
      const lapsing = { user: await server.makeUser('lapsing'), client: await server.connect() };
      await lapsing.client.authenticate(await expired(lapsing));
      await lapsing.client.join(roomSlug);

      shortened.client.send(auth(await expired(shortened)));
      expect(await shortened.client.nextOfType('auth_success')).toEqual(authSuccess(shortened.user));
      extended.client.send(auth(await expired(extended)));
      extended.client.send(auth(await lasting(extended)));
      await extended.client.nextOfType('auth_success');
      expect(await extended.client.nextOfType('auth_success')).toEqual(authSuccess(extended.user));

      for (const { client } of [lapsing, shortened, extended, untouched]) await client.say(roomSlug, 'in the grace');

      const ends = [lapsing, shortened].map(async ({ client }) => {
        expect(await client.end(GRACE_MS + 10_000)).toMatchObject({ code: 4401 });
        expect(Date.now() - begun).toBeGreaterThan(WELL_INTO_THE_GRACE_MS);
      });
      await Promise.all(ends);
      expect(lapsing.client.received.map(({ type }) => type)).not.toContain('auth_error');
      for (const { client } of [extended, untouched]) await client.say(roomSlug, 'still here');
    },
    GRACE_MS + 20_000,
  );
});
