import type { History, HistoryEvent, Message, Row, Setup, Untimed } from '../../../verify/history/events.mjs';
import { Random } from '../../../verify/random.mjs';

const NODES = 3;
const GRACE_MS = 3_000;
const PUBLIC_ROOMS = ['milonga-a', 'milonga-b'];
const PRIVATE_ROOM = 'the-private-one';
const MEMBERS = 6;
const STEPS = 700;
const AUDITOR = 90;
/** Who missed more pages through history. */
const REPLAY_LIMIT = 20;
const WALL_CLOCK = 1_763_856_000_000;

interface Unsettled {
  readonly slug: string;
  readonly room: string;
  readonly text: string;
}

interface SimulatedClient {
  readonly name: string;
  readonly user: number;
  readonly allowed: readonly string[];
  /** In protocol 2. */
  readonly isResuming: boolean;
  session: number;
  isOpen: boolean;
  readonly rooms: Set<string>;
  /** The last id known without a hole, by room. */
  readonly cursors: Map<string, number>;
  /** Sent, and no answer came: to be sent again. */
  readonly unsettled: Unsettled[];
  readonly acknowledged: (Unsettled & { readonly timestamp: number })[];
}

/**
 * The history of a server that keeps every promise: what the checker must have no objection to, and what seeded bugs are
 * put into. Its clients do all that real ones do, while the database and Redis go away and come back.
 */
export function perfectHistory(seed: string): History {
  return new Simulation(new Random(seed)).run();
}

class Simulation {
  private readonly clients: SimulatedClient[];
  private readonly events: HistoryEvent[] = [];
  private readonly rows: Row[] = [];
  /** Users whose last connection dropped, with the moment when they no longer count. */
  private readonly graces: { user: number; room: string; until: number }[] = [];
  private now = 0;
  private sent = 0;
  private isDatabaseAway = false;

  constructor(private readonly random: Random) {
    this.clients = Array.from({ length: MEMBERS + 2 }, (_, i) => ({
      name: `c${i}`,
      // The last two are second connections of the first two users.
      user: (i % MEMBERS) + 1,
      allowed: i % MEMBERS < 3 ? [...PUBLIC_ROOMS, PRIVATE_ROOM] : PUBLIC_ROOMS,
      isResuming: i % 2 === 0,
      session: 0,
      isOpen: false,
      rooms: new Set(),
      cursors: new Map(),
      unsettled: [],
      acknowledged: [],
    }));
  }

  run(): History {
    this.outsiders();
    for (const client of this.clients) this.connect(client);
    for (let step = 0; step < STEPS; step++) {
      this.pass(this.random.exponential(60));
      if (step === 200) this.fault(1, 'redis-kill', 'redis', 'begin');
      if (step === 300) this.fault(1, 'redis-kill', 'redis', 'end');
      if (step === 400) this.fault(2, 'database-pause', 'database', 'begin');
      if (step === 500) this.fault(2, 'database-pause', 'database', 'end');
      this.act(this.random.pick(this.clients));
    }
    this.record({ kind: 'quiet' });
    for (const client of this.clients) {
      if (!client.isOpen) this.connect(client);
      this.resendAll(client);
    }
    this.pass(GRACE_MS + 1_000);
    this.census();
    this.cleanChanges();
    this.census();
    this.pass(500);
    this.record({ kind: 'end' });
    return { setup: this.setup(), events: this.events, rows: this.rows };
  }

  private setup(): Setup {
    return {
      seed: 'perfect',
      nodes: NODES,
      graceMs: GRACE_MS,
      clients: [
        ...this.clients.map(({ name, user }) => ({ name, user, role: 'member' as const })),
        { name: 'stranger', user: 70, role: 'stranger' },
        { name: 'silent', user: 0, role: 'silent' },
        { name: 'intruder', user: 71, role: 'intruder' },
        { name: 'auditor', user: AUDITOR, role: 'auditor' },
      ],
      rooms: [
        ...PUBLIC_ROOMS.map((slug) => ({ slug, isPrivate: false, members: [] })),
        { slug: PRIVATE_ROOM, isPrivate: true, members: [1, 2, 3, AUDITOR] },
      ],
    };
  }

  private record(event: Untimed): void {
    this.now += 0.01;
    this.events.push({ at: this.now, ...event });
  }

  private pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.graces.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
      if (!next) break;
      this.graces.splice(this.graces.indexOf(next), 1);
      this.now = Math.max(this.now, next.until);
      this.tell('user_left', next.room, next.user);
    }
    this.now = end;
  }

  private outsiders(): void {
    for (const [client, isAuthenticated] of [
      ['stranger', true],
      ['silent', false],
      ['intruder', true],
    ] as const) {
      this.record({ kind: 'connecting', client, session: 1, node: 0 });
      this.record({ kind: 'open', client, session: 1 });
      if (isAuthenticated) this.record({ kind: 'authenticated', client, session: 1 });
    }
    const knock = { client: 'intruder', session: 1, room: PRIVATE_ROOM };
    this.record({ kind: 'join', ...knock });
    this.record({ kind: 'join_refused', ...knock, text: 'Room not found or access denied' });
  }

  private fault(fault: number, name: string, target: string, phase: 'begin' | 'end'): void {
    // Long enough to count.
    if (phase === 'end') this.pass(3_000);
    if (target === 'database') this.isDatabaseAway = phase === 'begin';
    this.record({ kind: 'fault', phase, fault, name, target });
  }

  private act(client: SimulatedClient): void {
    if (!client.isOpen) {
      if (!this.isDatabaseAway) this.connect(client);
      return;
    }
    const action = this.random.weighted({ send: 70, lose: 8, repeat: 6, leave: 5, join: 6, drop: 5, close: 3 });
    const room = client.rooms.size > 0 ? this.random.pick([...client.rooms]) : undefined;
    if (action === 'drop' || action === 'close') this.disconnect(client, action);
    else if (action === 'join' || room === undefined) this.join(client, this.random.pick(client.allowed));
    else if (action === 'leave') this.leave(client, room);
    else if (action === 'repeat') this.repeat(client);
    else if (action === 'lose') this.loseAnswer(client, room);
    else this.send(client, this.compose(client, room));
  }

  private compose(client: SimulatedClient, room: string): Unsettled {
    this.sent += 1;
    return { room, slug: `${client.name}-${this.sent}`, text: `text ${this.sent}` };
  }

  /** Answered at once: acknowledged, or refused while the database is away. */
  private send(client: SimulatedClient, message: Unsettled): void {
    const { room, slug, text } = message;
    const place = { client: client.name, session: client.session, room, slug };
    this.record({ kind: 'send', ...place, text });
    if (this.isDatabaseAway) {
      this.record({ kind: 'refused', ...place, text: 'Failed to send message' });
      return;
    }
    const old = this.rows.find((row) => row.slug === slug && row.user === client.user && row.room === room);
    const row = old ?? this.store(client, message);
    this.record({ kind: 'ack', ...place, timestamp: row.createdAt });
    client.acknowledged.push({ ...message, timestamp: row.createdAt });
    if (!old) this.deliver(row);
  }

  /** The connection is lost before the answer; the message may be stored, and is tried again later. */
  private loseAnswer(client: SimulatedClient, room: string): void {
    const message = this.compose(client, room);
    this.record({ kind: 'send', client: client.name, session: client.session, ...message });
    client.unsettled.push(message);
    this.disconnect(client, 'drop');
    if (!this.isDatabaseAway && this.random.chance(0.5)) this.deliver(this.store(client, message));
  }

  private repeat(client: SimulatedClient): void {
    const message = client.acknowledged.find(({ room }) => client.rooms.has(room));
    if (message && !this.isDatabaseAway) this.send(client, message);
  }

  private resendAll(client: SimulatedClient): void {
    for (const message of client.unsettled.splice(0)) {
      if (client.rooms.has(message.room)) this.send(client, message);
      else client.unsettled.push(message);
    }
  }

  private store(client: SimulatedClient, { room, slug, text }: Unsettled): Row {
    const row: Row = {
      id: (this.rows.at(-1)?.id ?? 0) + this.random.integer(1, 3),
      room,
      user: client.user,
      slug,
      text,
      createdAt: WALL_CLOCK + Math.round(this.now),
    };
    this.rows.push(row);
    return row;
  }

  private deliver(row: Row): void {
    for (const client of this.members(row.room)) this.show(client, row);
  }

  private show(client: SimulatedClient, row: Row): void {
    const place = { client: client.name, session: client.session, room: row.room };
    this.record({ kind: 'seen', ...place, message: toMessage(row) });
    client.cursors.set(row.room, row.id);
  }

  private members(room: string): SimulatedClient[] {
    return this.clients.filter((client) => client.isOpen && client.rooms.has(room));
  }

  private connect(client: SimulatedClient): void {
    client.session += 1;
    client.isOpen = true;
    const place = { client: client.name, session: client.session };
    this.record({ kind: 'connecting', ...place, node: this.random.integer(0, NODES - 1) });
    this.record({ kind: 'open', ...place });
    this.record({ kind: 'authenticated', ...place });
    const back = [...client.rooms];
    client.rooms.clear();
    for (const room of back.length > 0 ? back : [this.random.pick(client.allowed)]) this.join(client, room);
    if (!this.isDatabaseAway) this.resendAll(client);
  }

  private join(client: SimulatedClient, room: string): void {
    if (this.isDatabaseAway) return;
    const place = { client: client.name, session: client.session, room };
    const after = client.isResuming ? (client.cursors.get(room) ?? 0) : undefined;
    this.record({ kind: 'join', ...place, after });
    const grace = this.graces.findIndex((entry) => entry.user === client.user && entry.room === room);
    const isThere = grace >= 0 || this.members(room).some(({ user }) => user === client.user);
    if (grace >= 0) this.graces.splice(grace, 1);
    const wasIn = client.rooms.has(room);
    client.rooms.add(room);
    if (!isThere) this.tell('user_joined', room, client.user);
    const userCount = this.userIds(room).size;
    if (after !== undefined) this.resume(client, room, after, userCount);
    else {
      this.record({ kind: 'joined', ...place, userCount });
      if (!wasIn) this.catchUp(client, room);
    }
  }

  private resume(client: SimulatedClient, room: string, after: number, userCount: number): void {
    const missed = this.missed(room, after);
    const recovered = missed.length <= REPLAY_LIMIT;
    const lastId = missed.at(-1)?.id ?? after;
    const place = { client: client.name, session: client.session, room };
    this.record({ kind: 'joined', ...place, userCount, lastId, recovered });
    if (!recovered) {
      this.catchUp(client, room);
      return;
    }
    for (const row of missed) this.show(client, row);
    this.record({ kind: 'caught_up', ...place });
  }

  private catchUp(client: SimulatedClient, room: string): void {
    const after = client.cursors.get(room) ?? 0;
    const messages = this.missed(room, after);
    const place = { client: client.name, session: client.session, room };
    this.record({ kind: 'page', ...place, after, messages: messages.map(toMessage), hasMore: false });
    this.record({ kind: 'caught_up', ...place });
    client.cursors.set(room, messages.at(-1)?.id ?? after);
  }

  private missed(room: string, after: number): Row[] {
    return this.rows.filter((row) => row.room === room && row.id > after);
  }

  private leave(client: SimulatedClient, room: string): void {
    const place = { client: client.name, session: client.session, room };
    this.record({ kind: 'leave', ...place });
    client.rooms.delete(room);
    this.depart(client, room);
    this.record({ kind: 'left', ...place });
  }

  private disconnect(client: SimulatedClient, how: 'drop' | 'close'): void {
    const place = { client: client.name, session: client.session };
    this.record({ kind: 'closing', ...place, how });
    client.isOpen = false;
    for (const room of client.rooms) {
      if (how === 'close') this.depart(client, room);
      else if (!this.members(room).some(({ user }) => user === client.user)) {
        this.graces.push({ user: client.user, room, until: this.now + GRACE_MS });
      }
    }
    this.record({ kind: 'closed', ...place, code: how === 'close' ? 1000 : 1006 });
  }

  private depart(client: SimulatedClient, room: string): void {
    if (!this.userIds(room).has(client.user)) this.tell('user_left', room, client.user);
  }

  private tell(kind: 'user_joined' | 'user_left', room: string, user: number): void {
    for (const client of this.members(room)) {
      if (client.user === user) continue;
      this.record({ kind, client: client.name, session: client.session, room, user });
    }
  }

  private userIds(room: string): Set<number> {
    const inGrace = this.graces.filter((grace) => grace.room === room);
    return new Set([...this.members(room), ...inGrace].map(({ user }) => user));
  }

  private cleanChanges(): void {
    const [first, second, third] = this.clients;
    for (const client of [first, second]) if (client) this.disconnect(client, 'close');
    const [room] = third?.rooms ?? [];
    if (third && room !== undefined) this.leave(third, room);
  }

  /** The auditor comes, counts and goes, at every node. */
  private census(): void {
    for (let node = 0; node < NODES; node++) {
      const session = this.events.filter(({ kind }) => kind === 'census').length + 1;
      const place = { client: 'auditor', session };
      this.record({ kind: 'connecting', ...place, node });
      this.record({ kind: 'authenticated', ...place });
      for (const room of [...PUBLIC_ROOMS, PRIVATE_ROOM]) {
        const userCount = this.userIds(room).size;
        this.record({ kind: 'join', ...place, room });
        this.tell('user_joined', room, AUDITOR);
        this.record({ kind: 'joined', ...place, room, userCount: userCount + 1 });
        this.record({ kind: 'census', node, room, source: 'joined', userCount: userCount + 1 });
        this.record({ kind: 'leave', ...place, room });
        this.tell('user_left', room, AUDITOR);
        this.record({ kind: 'left', ...place, room });
        this.record({ kind: 'census', node, room, source: 'stats', userCount });
      }
      this.record({ kind: 'closing', ...place, how: 'close' });
      this.record({ kind: 'closed', ...place, code: 1000 });
    }
  }
}

function toMessage({ id, slug, user, text }: Row): Message {
  return { id, slug, user, text };
}
