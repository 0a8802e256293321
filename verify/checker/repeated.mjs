import { violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./view.mjs').MessageView} MessageView */
/** @typedef {import('./violation.mjs').Violation} Violation */

/** An answer that has not come by then will not come. */
const ANSWER_MS = 10_000;

/**
 * P3: the same messageId again gives one row in all and the same acknowledgement. And each try has one answer: none has
 * two, and on a connection that stays none is left without.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkRepeated(view) {
  return [...view.messages.values()].flatMap((message) => [
    ...checkRows(message),
    ...checkAcks(message),
    ...checkAnswers(view, message),
  ]);
}

/** @param {MessageView} message */
function describe({ slug, user, room }) {
  return `Message ${slug} of user ${user} in ${room}`;
}

/** @param {MessageView} message @returns {Violation[]} */
function checkRows(message) {
  const { rows, sends } = message;
  if (rows.length < 2 || sends.length < 2) return [];
  return [violation('P3', `${describe(message)} is stored ${rows.length} times`, ...sends, ...rows)];
}

/** @param {MessageView} message @returns {Violation[]} */
function checkAcks(message) {
  const [first, ...others] = message.acks;
  const other = others.find(({ timestamp }) => timestamp !== first?.timestamp);
  return other
    ? [violation('P3', `${describe(message)} was sent again and acknowledged with another time`, first, other)]
    : [];
}

/** @param {View} view @param {MessageView} message @returns {Violation[]} */
function checkAnswers(view, message) {
  const { sends, acks, refusals } = message;
  const answers = [...acks, ...refusals].sort((a, b) => a.at - b.at);
  /** @type {Violation[]} */
  const found = [];
  const sessions = new Set([...sends, ...answers].map((event) => view.sessionOf(event)));
  for (const session of sessions) {
    const isSame = (/** @type {{ client: string, session: number }} */ event) => view.sessionOf(event) === session;
    const tries = sends.filter(isSame);
    const got = answers.filter(isSame);
    if (got.length > tries.length) {
      // An answer to somebody who did not ask is not one too many, it is astray.
      const text = tries.length === 0 ? 'was answered on a connection that did not send it' : 'was answered twice';
      found.push(violation(tries.length === 0 ? 'P7' : 'P3', `${describe(message)} ${text}`, ...tries, ...got));
    }
    const [unanswered] = tries.slice(got.length);
    const waitedUntil = Math.min(session.closing?.at ?? Infinity, session.end, view.endsAt);
    // What comes before `auth` is refused without naming it (AUTH-4).
    if (
      unanswered &&
      session.isAuthenticated &&
      waitedUntil === view.endsAt &&
      view.endsAt - unanswered.at > ANSWER_MS
    ) {
      found.push(violation('P3', `${describe(message)} was never answered on a connection that stayed`, unanswered));
    }
  }
  return found;
}
