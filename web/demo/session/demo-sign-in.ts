import { isRecord } from '../state/stored.js';

/** The server says no, in words for the user; `isOff`: it offers no demo sign-in at all. */
export class SignInRefused extends Error {
  constructor(
    message: string,
    readonly isOff = false,
  ) {
    super(message);
  }
}

const BAD_NAME = 'Please use letters, digits, spaces and . _ - only, and begin with a letter or digit.';

/**
 * A token for whoever asks, as development servers give it.
 *
 * @throws SignInRefused when the server says no, another error when it cannot be reached
 */
export async function demoSignIn(username: string): Promise<string> {
  const response = await fetch('auth/demo', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username }),
  });
  if (response.status === 404) throw new SignInRefused('This server does not offer sign-in by name.', true);
  if (response.status === 400) throw new SignInRefused(BAD_NAME);
  if (!response.ok) throw new Error(`Sign-in: ${response.status}`);
  const answer: unknown = await response.json();
  if (!isRecord(answer) || typeof answer['token'] !== 'string') throw new Error('Sign-in: no token in the answer');
  return answer['token'];
}
