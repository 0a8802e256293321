import { afterAll, beforeAll, expect } from '@jest/globals';
import { http } from '../support/http.js';
import { setRole } from '../support/rows.js';
import type { OwnServer } from '../support/own-server.js';
import { describeOwnServer, testIf } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { messageIdOf, TestClient } from '../support/ws-client.js';
import { hasNginx, Nginx } from './nginx.js';

const testWithNginx = testIf(hasNginx, 'nginx is not installed');

describeOwnServer('Behind nginx with the shipped configuration', {}, (server: OwnServer) => {
  let nginx: Nginx;
  const clients: TestClient[] = [];

  beforeAll(async () => {
    if (hasNginx) nginx = await Nginx.start(server.nodePorts);
  }, 30_000);
  afterAll(async () => {
    for (const client of clients) client.drop();
    if (hasNginx) await nginx.stop();
  }, 30_000);

  async function enter(token: string, roomSlug: string, path = '/ws'): Promise<TestClient> {
    const client = await TestClient.connect(`${nginx.url.replace('http', 'ws')}${path}`);
    clients.push(client);
    await client.authenticate(token);
    await client.join(roomSlug);
    return client;
  }

  testWithNginx('clients on both nodes talk to each other, whatever path they dial', async () => {
    const roomSlug = unique('room');
    const users = await Promise.all(['ana', 'bob', 'cai', 'dee'].map((name) => server.makeUser(name)));
    const members: TestClient[] = [];
    for (const [i, { token }] of users.entries()) members.push(await enter(token, roomSlug, i % 2 ? '/ws' : '/'));
    for (const [i, member] of members.entries()) await member.say(roomSlug, `from ${i}`, `m${i}`);
    for (const member of members) {
      await eventually('All messages have come', () => {
        const seen = member.received.map(messageIdOf).filter((id) => id !== undefined);
        return seen.length === 4 || undefined;
      });
      expect(member.received.map(messageIdOf).filter(Boolean)).toEqual(['m0', 'm1', 'm2', 'm3']);
    }
    const perNode = await Promise.all(
      server.nodePorts.map(async (port) => {
        const { text } = await http(`http://127.0.0.1:${port}/metrics`);
        return Number(/^milonga_connections_authenticated (\d+)$/m.exec(text)?.[1]);
      }),
    );
    expect(perNode).toEqual([2, 2]);
  });

  testWithNginx('the REST side goes through; what is for operators does not', async () => {
    const admin = await server.makeUser('admin');
    await server.arrange((sql) => setRole(sql, admin, 'admin'));
    const stats = await http(`${nginx.url}/ws/stats`, { headers: { authorization: `Bearer ${admin.token}` } });
    expect([stats.status, stats.json]).toEqual([200, expect.objectContaining({ totalRooms: expect.any(Number) })]);
    expect((await http(`${nginx.url}/health/ready`)).status).toBe(200);
    expect((await http(`${nginx.url}/metrics`)).status).toBe(404);
    expect((await http(`${nginx.url}/api/users/1/disconnect`, { method: 'POST' })).status).toBe(404);
  });

  testWithNginx('while a node is away, everybody is served by the other', async () => {
    const roomSlug = unique('room');
    const ana = await server.makeUser('ana');
    await server.process.kill();
    for (let i = 0; i < 6; i += 1) {
      const client = await enter(ana.token, roomSlug);
      await client.say(roomSlug, `hello ${i}`);
    }
    await server.launch();
  });
});
