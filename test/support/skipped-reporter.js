const REASON = /\[skipped: ([^\]]+)\]/;

/** Says at the end of a run what was left out, and why: a green run never hides what it did not try. */
export default class SkippedReporter {
  /**
   * @param {unknown} _testContexts
   * @param {{ testResults: { testResults: { status: string, fullName: string }[] }[] }} results
   */
  onRunComplete(_testContexts, results) {
    const lines = ['Browser tests are not part of this run: npm run test:browser'];
    if (!process.env.TEST_DATABASE_URL) lines.push('PostgreSQL tests skipped: TEST_DATABASE_URL is not set');

    const skipped = results.testResults.flatMap((file) => file.testResults).filter((test) => test.status === 'pending');
    const reasons = skipped.map(({ fullName }) => REASON.exec(fullName)?.[1] ?? fullName);
    for (const reason of new Set(reasons)) {
      lines.push(`${reasons.filter((other) => other === reason).length} tests skipped: ${reason}`);
    }
    process.stderr.write(`\n${lines.join('\n')}\n`);
  }
}
