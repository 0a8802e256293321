/** The workloads and their sizes. */

/**
 * @typedef {object} Throughput
 * @property {'throughput'} kind
 * @property {string} name
 * @property {string} title
 * @property {number} rooms
 * @property {number} roomSize members of each
 * @property {number} senders in each room
 * @property {number} unacknowledged messages that a sender keeps on the way
 * @property {number} warmUpMs
 * @property {number} windowMs
 */

/**
 * @typedef {object} Trickle
 * @property {'trickle'} kind
 * @property {string} name
 * @property {string} title
 * @property {number} roomSize
 * @property {number} warmUp messages, without a pause
 * @property {number} messages
 * @property {number} pauseMs between two of them
 */

/**
 * @typedef {object} Stuck
 * @property {'stuck'} kind
 * @property {string} name
 * @property {string} title
 * @property {number} roomSize all members
 * @property {number} healthy members of them; the others stop reading
 * @property {number} senders among the healthy
 * @property {number} perSecond messages, of all senders together
 * @property {number} warmUpMs
 * @property {number} windowMs without stuck readers
 * @property {number} timeoutMs for the server to cut all of them off
 * @property {number} settleMs before memory is read
 */

/**
 * @typedef {object} Herd
 * @property {'herd'} kind
 * @property {string} name
 * @property {string} title
 * @property {number} connections
 * @property {number} warmUp how many of them come before CPU is counted
 * @property {number} roomSize
 * @property {number} settleMs before memory is read
 */

/** @typedef {Throughput | Trickle | Stuck | Herd} Workload */

/** @param {boolean} quick @returns {Workload[]} */
export function catalogue(quick) {
  const times = quick ? { warmUpMs: 200, windowMs: 400 } : { warmUpMs: 12_000, windowMs: 8_000 };
  /** @param {string} name @param {number} rooms @param {number} roomSize @param {number} senders @param {number} unacknowledged */
  const crowd = (name, rooms, roomSize, senders, unacknowledged) => ({
    kind: /** @type {const} */ ('throughput'),
    name,
    title: `${name}, ${rooms} ${rooms === 1 ? 'room' : 'rooms'} × ${roomSize}, ${rooms * senders} senders × ${unacknowledged}`,
    rooms,
    roomSize,
    senders,
    unacknowledged,
    ...times,
  });
  /** @param {number} healthy @param {number} readers @param {number} perSecond @returns {Stuck} */
  const stuck = (healthy, readers, perSecond) => ({
    kind: 'stuck',
    name: 'stuck',
    title: `${readers} stuck readers beside ${healthy} members, ${perSecond} messages/s`,
    roomSize: healthy + readers,
    healthy,
    senders: 20,
    perSecond,
    warmUpMs: 3_000,
    windowMs: 10_000,
    timeoutMs: 30_000,
    settleMs: 2_000,
  });
  const connections = quick ? 300 : 8_000;
  return [
    quick ? crowd('A', 1, 150, 50, 2) : crowd('A', 1, 1_000, 50, 2),
    quick ? crowd('B', 25, 10, 2, 4) : crowd('B', 100, 10, 2, 4),
    crowd('C', 1, 100, 20, 4),
    {
      kind: 'trickle',
      name: 'trickle',
      title: 'Trickle, one message at a time in a room of 10',
      roomSize: 10,
      warmUp: quick ? 10 : 5_000,
      messages: quick ? 40 : 300,
      pauseMs: quick ? 0 : 4,
    },
    // In less time no reader is stuck.
    ...(quick ? [] : [stuck(100, 200, 100)]),
    {
      kind: 'herd',
      name: 'herd',
      title: `${connections} connections in rooms of 10`,
      connections,
      warmUp: connections / 4,
      roomSize: 10,
      settleMs: quick ? 100 : 3_000,
    },
  ];
}
