import { expect } from '@jest/globals';
import { exchange, openSocket, upgradeRequest } from '../support/raw-http.js';
import { describeAttacks, describeAttacksOnOwn, type Row } from './attacks.js';
import { HANDSHAKES, SLOW, type HandshakeRow, type SlowRow } from './handshake-rows.js';
import { untilEnd } from './raw-end.js';

describeAttacks<HandshakeRow>(
  'Hostile handshakes',
  { on: 'one' },
  {
    rows: HANDSHAKES,
    attack: async ({ request, status, reset = false }, server) => {
      const text = request(new URL(server.url).host);
      if (reset) {
        for (let i = 0; i < 20; i += 1) await sendAndReset(server.url, text);
        return;
      }
      expect(await exchange(server.url, text)).toMatchObject({ status, isWhole: true, wasReset: false });
    },
  },
);

/** All at once, since each takes seconds. */
let ends: Map<SlowRow, Promise<string>>;

describeAttacks<SlowRow>(
  'Slow handshakes',
  { on: 'one' },
  {
    rows: SLOW,
    prepare: async ({ url }) => {
      ends = new Map(SLOW.map((row) => [row, untilEnd(url, row)]));
      return Promise.resolve();
    },
    attack: async (row) => {
      expect(await ends.get(row)).toMatch(row.answer);
    },
  },
);

const OWN = 'https://app.example';

interface OriginRow extends Row {
  readonly origin: string;
}

const ORIGINS: OriginRow[] = [
  'https://evil.example',
  'http://app.example',
  'HTTPS://APP.EXAMPLE',
  'https://app.example:443',
  'https://app.example.',
  'https://app.example.evil.example',
  'https://evil.example/https://app.example',
  'https://app.example@evil.example',
  'https://app.examplе',
  'https://app.example, https://evil.example',
  'null',
  '*',
].map((origin) => ({ lesson: 'CONN-1, an Origin must be one of the list to the letter', what: origin, origin }));

describeAttacksOnOwn<OriginRow>(
  'Hostile origins',
  { environment: { ALLOWED_ORIGINS: OWN }, on: 'one' },
  {
    rows: ORIGINS,
    attack: async ({ origin }, { url }) => {
      const request = upgradeRequest(url, '/ws', { Origin: Buffer.from(origin).toString('latin1') });
      expect(await exchange(url, request)).toMatchObject({ status: 403, isWhole: true, wasReset: false });
    },
  },
);

async function sendAndReset(url: string, text: string): Promise<void> {
  const socket = await openSocket(url);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.write(text, 'latin1', resolve));
  socket.resetAndDestroy();
}
