/**
 * What a history is made of. Times are milliseconds of the driving process's monotonic clock; a `session` is one
 * connection of a client, counted from 1.
 *
 * @typedef {object} Message as the server shows it
 * @property {number} id
 * @property {string} slug the messageId
 * @property {number} user
 * @property {string} text
 *
 * @typedef {Message & { room: string, createdAt: number }} Row what the database holds in the end; `createdAt` in milliseconds since the epoch
 *
 * @typedef {'member' | 'auditor' | 'stranger' | 'silent' | 'intruder'} Role
 * A member uses the rooms; the auditor joins them only to count. The others may see nothing of them: the stranger is
 * authenticated and in no room, the silent one not authenticated, the intruder knocks at a private room.
 *
 * @typedef {{ name: string, user: number, role: Role }} ClientInfo
 * @typedef {{ slug: string, isPrivate: boolean, members: number[] }} RoomInfo members of a private room
 * @typedef {{ seed: string, nodes: number, graceMs: number, clients: ClientInfo[], rooms: RoomInfo[] }} Setup
 *
 * @typedef {{ at: number, client: string, session: number }} OfSession
 * @typedef {OfSession & { room: string }} OfRoom
 *
 * @typedef {OfSession & { kind: 'connecting', node: number }} Connecting
 * @typedef {OfSession & ({ kind: 'open' } | { kind: 'authenticated' })} Stage
 * @typedef {OfSession & { kind: 'closing', how: 'drop' | 'close' }} Closing what the client itself does
 * @typedef {OfSession & { kind: 'closed', code: number }} Closed
 * @typedef {OfRoom & { kind: 'join', after?: number | undefined }} Join when sent; with `after` it resumes (RES-1)
 * @typedef {OfRoom & ({ kind: 'leave' } | { kind: 'left' } | { kind: 'caught_up' })} Step `leave` when sent, `left` when answered
 * @typedef {OfRoom & { kind: 'joined', userCount: number, lastId?: number | undefined, recovered?: boolean | undefined }} Joined
 * `lastId` and `recovered` in protocol 2
 * @typedef {OfRoom & { kind: 'join_refused', text: string }} JoinRefused
 * @typedef {OfRoom & { kind: 'send', slug: string, text: string }} Send each time the frame goes out, repeats too
 * @typedef {OfRoom & { kind: 'ack', slug: string, timestamp: number }} Ack
 * @typedef {OfRoom & { kind: 'refused', slug: string, text: string }} Refused
 * @typedef {OfRoom & { kind: 'seen', message: Message }} Seen a live message
 * @typedef {OfRoom & { kind: 'page', after: number, messages: Message[], hasMore: boolean }} Page of the room's history
 * @typedef {OfRoom & ({ kind: 'user_joined', user: number } | { kind: 'user_left', user: number })} Notice
 * @typedef {OfSession & { kind: 'stray', frame: string }} Stray a frame that nothing above describes
 *
 * @typedef {{ at: number, kind: 'fault', phase: 'begin' | 'end', fault: number, name: string, target: string, node?: number }} FaultEvent
 * `target` is `redis`, `database`, `node` or `link`; the last two have a `node`
 * @typedef {{ at: number, kind: 'exit', node: number, code: number | null, signal: string | null }} Exit a node that had been ready ended by itself
 * @typedef {{ at: number, kind: 'census', node: number, room: string, source: 'joined' | 'stats', userCount: number }} Census
 * a count that must be true by now
 * @typedef {{ at: number, kind: 'unsettled', client: string, why: string }} Unsettled not back in service long after the last fault
 * @typedef {{ at: number } & ({ kind: 'quiet' } | { kind: 'end' })} Mark from `quiet` on nobody acts on its own; what follows `end` does not count
 *
 * @typedef {Connecting | Stage | Closing | Closed | Join | Step | Joined | JoinRefused | Send | Ack | Refused | Seen | Page | Notice | Stray} ClientEvent
 * @typedef {ClientEvent | FaultEvent | Exit | Census | Unsettled | Mark} HistoryEvent
 *
 * @typedef {object} History
 * @property {Setup} setup
 * @property {HistoryEvent[]} events in the order of their times
 * @property {Row[]} rows of the run's rooms, in the order of their ids
 */

/**
 * An event as it is reported, before it is given its time.
 *
 * @typedef {HistoryEvent extends infer E ? E extends HistoryEvent ? Omit<E, 'at'> : never : never} Untimed
 */

export {};
