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
 * @property {number} warmUp messages
 * @property {number} messages
 * @property {number} pauseMs between two of them
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

/** @typedef {Throughput | Trickle | Herd} Workload */

/** @param {boolean} quick @returns {Workload[]} */
export function catalogue(quick) {
  const times = quick ? { warmUpMs: 200, windowMs: 400 } : { warmUpMs: 2_000, windowMs: 3_000 };
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
  const connections = quick ? 400 : 8_000;
  return [
    quick ? crowd('A', 1, 200, 50, 2) : crowd('A', 1, 1_000, 50, 2),
    quick ? crowd('B', 50, 10, 2, 4) : crowd('B', 100, 10, 2, 4),
    crowd('C', 1, 100, 20, 4),
    {
      kind: 'trickle',
      name: 'trickle',
      title: 'Trickle, one message at a time in a room of 10',
      roomSize: 10,
      warmUp: quick ? 10 : 100,
      messages: quick ? 40 : 300,
      pauseMs: quick ? 0 : 4,
    },
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
