/** A setting that the server cannot start with: one line that names it, says what is wrong and what is accepted. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(setting: string, problem: string) {
    super(`${setting}: ${problem}`);
  }
}
