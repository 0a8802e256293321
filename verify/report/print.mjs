import { summarize } from './summary.mjs';

const SHOWN_OF_EACH = 5;
const EVIDENCE_CHARACTERS = 300;

/**
 * @param {import('../history/events.mjs').History} history
 * @param {import('../checker/violation.mjs').Violation[]} violations
 * @param {(line: string) => void} say
 */
export function printReport(history, violations, say) {
  const rows = summarize(history);
  const width = Math.max(...rows.map(([name]) => name.length));
  say('');
  for (const [name, value] of rows) say(`  ${name.padEnd(width)}  ${value}`);
  say(`  ${'violations'.padEnd(width)}  ${violations.length}`);
  for (const promise of new Set(violations.map((violation) => violation.promise))) {
    const own = violations.filter((violation) => violation.promise === promise);
    say(`\n${promise}: ${own.length}`);
    for (const { text, evidence } of own.slice(0, SHOWN_OF_EACH)) {
      say(`  ${text}`);
      for (const item of evidence) say(`    ${JSON.stringify(item).slice(0, EVIDENCE_CHARACTERS)}`);
    }
    if (own.length > SHOWN_OF_EACH) say(`  … and ${own.length - SHOWN_OF_EACH} more`);
  }
}
