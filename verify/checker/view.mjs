/** @typedef {import('../history/events.mjs').History} History */
/** @typedef {import('../history/events.mjs').HistoryEvent} HistoryEvent */
/** @typedef {import('../history/events.mjs').ClientEvent} ClientEvent */
/** @typedef {import('../history/events.mjs').ClientInfo} ClientInfo */
/** @typedef {import('../history/events.mjs').Row} Row */

/**
 * One stay of a connection in a room.
 *
 * @typedef {object} Stint
 * @property {ClientInfo} client
 * @property {number} session
 * @property {string} room
 * @property {number} asked when the join was sent
 * @property {number} begin when it was answered; Infinity when it never was
 * @property {number} userCount what the answer said of the users there, itself included
 * @property {number} leaving when the client began to go, or the connection was lost; Infinity at the end of the run
 * @property {number} end when going was answered or the connection ended; Infinity at the end of the run
 * @property {import('../history/events.mjs').Seen[]} live
 * @property {import('../history/events.mjs').Notice[]} notices
 * @property {number | undefined} lastId what the first answer said of the room's newest message, in protocol 2
 * @property {Resume[]} resumes
 */

/**
 * One join with `after` that was answered, and what followed (RES-1).
 *
 * @typedef {object} Resume
 * @property {import('../history/events.mjs').Join} join
 * @property {import('../history/events.mjs').Joined} joined
 * @property {number} after
 * @property {number} lastId
 * @property {boolean} recovered
 * @property {import('../history/events.mjs').Seen | undefined} early what came before the answer to the first join of a stay
 * @property {import('../history/events.mjs').Seen[]} live up to the next resume
 */

/**
 * One connection.
 *
 * @typedef {object} Session
 * @property {ClientInfo} client
 * @property {number} session
 * @property {number} node
 * @property {boolean} isAuthenticated
 * @property {number} begin when it was authenticated, Infinity if never
 * @property {number} end
 * @property {Map<string, Stint>} open stints by room
 * @property {import('../history/events.mjs').Join | undefined} join the latest
 * @property {import('../history/events.mjs').Closed | undefined} closed
 * @property {import('../history/events.mjs').Closing | undefined} closing
 */

/**
 * A message that was seen, live or in a page of history.
 *
 * @typedef {object} Sighting
 * @property {import('../history/events.mjs').Seen | import('../history/events.mjs').Page} event
 * @property {import('../history/events.mjs').Message} message
 */

/**
 * All that is known of one message, by room, user and messageId.
 *
 * @typedef {object} MessageView
 * @property {string} room
 * @property {number} user
 * @property {string} slug
 * @property {import('../history/events.mjs').Send[]} sends
 * @property {import('../history/events.mjs').Ack[]} acks
 * @property {import('../history/events.mjs').Refused[]} refusals
 * @property {Sighting[]} sightings
 * @property {Row[]} rows
 */

/** A history, put in order for the checks: by connection, by stay in a room, by message. */
export class View {
  /** @type {Map<string, ClientInfo>} */
  clients;
  /** @type {HistoryEvent[]} */
  events;
  /** @type {Session[]} */
  sessions = [];
  /** @type {Stint[]} */
  stints = [];
  /** By their answers. @type {Map<HistoryEvent, Resume>} */
  resumes = new Map();
  /** @type {Map<string, MessageView>} */
  messages = new Map();
  /** Ascending by id. @type {Map<string, Row[]>} */
  rowsByRoom = new Map();
  /** Events of a room at a connection that was not in it. @type {(import('../history/events.mjs').Seen | import('../history/events.mjs').Notice)[]} */
  trespasses = [];

  /** @type {Map<string, Session>} */
  #byName = new Map();

  /** @param {History} history */
  constructor({ setup, events, rows }) {
    this.setup = setup;
    this.clients = new Map(setup.clients.map((client) => [client.name, client]));
    const end = events.findIndex((event) => event.kind === 'end');
    this.events = end < 0 ? events : events.slice(0, end + 1);
    for (const { slug } of setup.rooms) this.rowsByRoom.set(slug, []);
    for (const row of [...rows].sort((a, b) => a.id - b.id)) {
      this.rowsOf(row.room).push(row);
      this.message(row.room, row.user, row.slug).rows.push(row);
    }
    for (const event of this.events) if ('client' in event && event.kind !== 'unsettled') this.#take(event);
  }

  get endsAt() {
    return this.events.at(-1)?.at ?? 0;
  }

  /** @param {string} room @returns {Row[]} ascending */
  rowsOf(room) {
    let rows = this.rowsByRoom.get(room);
    if (!rows) this.rowsByRoom.set(room, (rows = []));
    return rows;
  }

  /** @param {string} name @returns {ClientInfo} */
  client(name) {
    const client = this.clients.get(name);
    if (!client) throw new Error(`The history's setup has no client ${name}`);
    return client;
  }

  /** @param {{ client: string, session: number }} event @returns {Session} */
  sessionOf({ client, session }) {
    const name = `${client}#${session}`;
    let found = this.#byName.get(name);
    if (!found) {
      found = {
        client: this.client(client),
        session,
        node: -1,
        isAuthenticated: false,
        begin: Infinity,
        end: Infinity,
        open: new Map(),
        join: undefined,
        closed: undefined,
        closing: undefined,
      };
      this.#byName.set(name, found);
      this.sessions.push(found);
    }
    return found;
  }

  /** @param {string} room @param {number} user @param {string} slug @returns {MessageView} */
  message(room, user, slug) {
    const key = `${room} ${user} ${slug}`;
    let message = this.messages.get(key);
    if (!message) {
      message = { room, user, slug, sends: [], acks: [], refusals: [], sightings: [], rows: [] };
      this.messages.set(key, message);
    }
    return message;
  }

  /** When the first frame with this row's message went out. @param {Row} row */
  sentAt({ room, user, slug }) {
    return this.message(room, user, slug).sends[0]?.at ?? Infinity;
  }

  /** @param {string} room @param {number} before @returns {boolean} whether a message was */
  refusedIn(room, before) {
    return this.events.some((event) => event.kind === 'refused' && event.room === room && event.at < before);
  }

  /** @param {string} room @param {number} at @returns {Set<number>} the users who are in it */
  occupants(room, at) {
    const present = this.stints.filter((stint) => stint.room === room && stint.begin <= at && at < stint.leaving);
    return new Set(present.map((stint) => stint.client.user));
  }

  /** @param {ClientEvent} event */
  #take(event) {
    const session = this.sessionOf(event);
    switch (event.kind) {
      case 'connecting':
        session.node = event.node;
        return;
      case 'authenticated':
        session.isAuthenticated = true;
        session.begin = Math.min(session.begin, event.at);
        return;
      case 'closing':
        session.closing = event;
        for (const stint of session.open.values()) stint.leaving = Math.min(stint.leaving, event.at);
        return;
      case 'closed':
        session.closed = event;
        session.end = event.at;
        for (const stint of session.open.values()) endStint(session, stint, event.at);
        return;
      case 'join':
        session.join = event;
        this.#openStint(session, event);
        return;
      case 'joined': {
        const stint = this.#openStint(session, event);
        this.#resume(session, stint, event);
        if (stint.begin === Infinity) {
          stint.userCount = event.userCount;
          stint.lastId = event.lastId;
        }
        stint.begin = Math.min(stint.begin, event.at);
        return;
      }
      case 'leave': {
        const stint = session.open.get(event.room);
        if (stint) stint.leaving = Math.min(stint.leaving, event.at);
        return;
      }
      case 'left': {
        const stint = session.open.get(event.room);
        if (stint) endStint(session, stint, event.at);
        return;
      }
      case 'join_refused': {
        // Who asks again and gets no answer in bad times is still in.
        const stint = session.open.get(event.room);
        if (stint?.begin === Infinity) endStint(session, stint, event.at);
        return;
      }
      case 'send':
        this.#ownMessage(session, event).sends.push(event);
        return;
      case 'ack':
        this.#ownMessage(session, event).acks.push(event);
        return;
      case 'refused':
        this.#ownMessage(session, event).refusals.push(event);
        return;
      case 'seen':
        this.#sight(event, event.message);
        this.#see(session, event);
        return;
      case 'page':
        for (const message of event.messages) this.#sight(event, message);
        return;
      case 'user_joined':
      case 'user_left':
        this.#admit(session, event)?.notices.push(event);
        return;
      default:
    }
  }

  /** @param {Session} session @param {{ room: string, at: number }} event */
  #openStint(session, { room, at }) {
    let stint = session.open.get(room);
    if (!stint) {
      const { client } = session;
      stint = {
        client,
        session: session.session,
        room,
        asked: at,
        begin: Infinity,
        userCount: 0,
        leaving: Infinity,
        end: Infinity,
        live: [],
        notices: [],
        lastId: undefined,
        resumes: [],
      };
      session.open.set(room, stint);
      this.stints.push(stint);
    }
    return stint;
  }

  /** @param {Session} session @param {Stint} stint @param {import('../history/events.mjs').Joined} joined */
  #resume({ join }, stint, joined) {
    const { lastId, recovered } = joined;
    if (join?.after === undefined || lastId === undefined || recovered === undefined) return;
    const early = stint.begin === Infinity ? stint.live[0] : undefined;
    const resume = { join, joined, after: join.after, lastId, recovered, early, live: [] };
    stint.resumes.push(resume);
    this.resumes.set(joined, resume);
  }

  /** @param {Session} session @param {import('../history/events.mjs').Seen} event */
  #see(session, event) {
    const stint = this.#admit(session, event);
    stint?.live.push(event);
    stint?.resumes.at(-1)?.live.push(event);
  }

  /** @param {import('../history/events.mjs').Seen | import('../history/events.mjs').Notice} event @param {Session} session */
  #admit(session, event) {
    const stint = session.open.get(event.room);
    if (!stint) this.trespasses.push(event);
    return stint;
  }

  /** @param {Session} session @param {{ room: string, slug: string }} event */
  #ownMessage(session, { room, slug }) {
    return this.message(room, session.client.user, slug);
  }

  /** @param {import('../history/events.mjs').Seen | import('../history/events.mjs').Page} event @param {import('../history/events.mjs').Message} message */
  #sight(event, message) {
    this.message(event.room, message.user, message.slug).sightings.push({ event, message });
  }
}

/** @param {Session} session @param {Stint} stint @param {number} at */
function endStint(session, stint, at) {
  stint.leaving = Math.min(stint.leaving, at);
  stint.end = at;
  session.open.delete(stint.room);
}
