import { View } from '../checker/view.mjs';

/** @typedef {import('../history/events.mjs').History} History */

/**
 * What happened, in numbers.
 *
 * @param {History} history
 * @returns {[name: string, value: string][]}
 */
export function summarize(history) {
  const view = new View(history);
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, number>} */
  const faults = new Map();
  const add = (/** @type {Map<string, number>} */ map, /** @type {string} */ name) =>
    map.set(name, (map.get(name) ?? 0) + 1);
  for (const event of view.events) {
    add(counts, event.kind);
    if (event.kind === 'fault' && event.phase === 'begin') add(faults, event.name);
  }
  const count = (/** @type {string} */ name) => String(counts.get(name) ?? 0);
  const messages = [...view.messages.values()].filter(({ sends }) => sends.length > 0);
  const members = view.sessions.filter(({ client, isAuthenticated }) => client.role === 'member' && isAuthenticated);
  const clients = new Set(members.map(({ client }) => client.name));
  const resumes = [...view.resumes.values()];
  const back = timesBack(view);
  return [
    ['messages', String(messages.length)],
    ['sent (repeats too)', count('send')],
    ['acknowledged', count('ack')],
    ['refused', count('refused')],
    ['rows', String(history.rows.length)],
    ['deliveries', count('seen')],
    ['pages of history', count('page')],
    ['resumes', `${resumes.length}, ${resumes.filter(({ recovered }) => !recovered).length} of them not recovered`],
    ['reconnects', String(members.length - clients.size)],
    ['faults', [...faults].map(([name, times]) => `${name} ${times}`).join(', ') || 'none'],
    [
      'back in service after a kill -9',
      back.length > 0
        ? `p50 ${percentile(back, 0.5)} ms, p99 ${percentile(back, 0.99)} ms (${back.length})`
        : 'no kill',
    ],
  ];
}

/** From the kill of a node until those who were connected to it are in a room again. @param {View} view */
function timesBack(view) {
  /** @type {number[]} */
  const times = [];
  for (const kill of view.events) {
    if (kill.kind !== 'fault' || kill.name !== 'node-kill' || kill.phase !== 'begin') continue;
    for (const { client, node, begin, end } of view.sessions) {
      if (client.role !== 'member' || node !== kill.node || begin > kill.at || end < kill.at) continue;
      const joins = view.stints.filter((stint) => stint.client === client && stint.begin > kill.at);
      const first = Math.min(Infinity, ...joins.map((stint) => stint.begin));
      if (first < Infinity) times.push(first - kill.at);
    }
  }
  return times.sort((a, b) => a - b);
}

/** @param {number[]} sorted @param {number} share */
function percentile(sorted, share) {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}
