/** node count-tests.mjs <report> <status>: prints "<passed> <failed>" of a run of Jest from its JSON report and exit status. */
import { existsSync, readFileSync } from 'node:fs';

const [reportFile, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;

if (existsSync(reportFile)) {
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
}
// A run that was cut short, or that failed for another reason than a test, is a failure too.
if (status !== '0' && failed === 0) failed = 1;
console.log(passed, failed);
