import { checkAcknowledged } from './acknowledged.mjs';
import { checkAvailability } from './availability.mjs';
import { checkCatchUp } from './catch-up.mjs';
import { checkLive } from './live.mjs';
import { checkOrder } from './order.mjs';
import { checkOutsiders } from './outsiders.mjs';
import { checkPresence } from './presence.mjs';
import { checkRefused } from './refused.mjs';
import { checkRepeated } from './repeated.mjs';
import { checkResumes } from './resumes.mjs';
import { View } from './view.mjs';

const CHECKS = [
  checkAcknowledged,
  checkRefused,
  checkRepeated,
  checkOrder,
  checkLive,
  checkCatchUp,
  checkResumes,
  checkOutsiders,
  checkPresence,
  checkAvailability,
];

/**
 * @param {import('../history/events.mjs').History} history
 * @returns {import('./violation.mjs').Violation[]} empty when every promise was kept
 */
export function check(history) {
  const view = new View(history);
  return CHECKS.flatMap((checkOne) => checkOne(view));
}
