import type { Overview } from '../../src/admin/overview.js';
import type { UserDetails, UserSearch } from '../../src/admin/user-views.js';

/** `unavailable`: the server answers, but its database does not, so that it cannot tell who asks. */
export type ProblemKind = 'unreachable' | 'unauthorized' | 'forbidden' | 'unavailable' | 'refused';

/** A request that came to nothing. */
export class ApiProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    message: string,
  ) {
    super(message);
  }
}

const PATIENCE_MS = 8_000;

/** The admin endpoints, as the bearer of a token. Every method throws `ApiProblem`. */
export class Api {
  constructor(private readonly token: string) {}

  overview(since: number | undefined): Promise<Overview> {
    return this.get(since === undefined ? 'overview' : `overview?since=${since}`, isOverview);
  }

  findUsers(search: string): Promise<UserSearch> {
    return this.get(`users?search=${encodeURIComponent(search)}`, (value): value is UserSearch => has(value, 'users'));
  }

  user(id: number): Promise<UserDetails> {
    return this.get(`users/${id}`, (value): value is UserDetails => has(value, 'user', 'connections', 'elsewhere'));
  }

  async disconnect(id: number): Promise<number> {
    const { reached } = await this.ask(
      `users/${id}/disconnect`,
      { method: 'POST' },
      (value): value is { reached: number } => has(value, 'reached'),
    );
    return reached;
  }

  private get<T>(path: string, isRight: (value: unknown) => value is T): Promise<T> {
    return this.ask(path, {}, isRight);
  }

  private async ask<T>(path: string, request: RequestInit, isRight: (value: unknown) => value is T): Promise<T> {
    const answer = await fetch(path, {
      ...request,
      headers: { Authorization: `Bearer ${this.token}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => {
      throw new ApiProblem('unreachable', 'The server cannot be reached.');
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (!answer.ok) throw problemOf(answer.status, body);
    if (!isRight(body)) throw new ApiProblem('unreachable', 'What answers is not this server.');
    return body;
  }
}

/** Whether the server hands out tokens by name; false when it cannot be asked. */
export async function offersNames(): Promise<boolean> {
  try {
    const answer = await fetch('../config.json', { signal: AbortSignal.timeout(PATIENCE_MS) });
    const config: unknown = await answer.json();
    return has(config, 'demoLogin') && config.demoLogin === true;
  } catch {
    return false;
  }
}

/** A token by name, where the server gives them out to whoever asks. */
export async function demoToken(username: string): Promise<string> {
  const answer = await fetch('../auth/demo', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => {
    throw new ApiProblem('unreachable', 'The server cannot be reached.');
  });
  if (answer.status === 404) throw new ApiProblem('refused', 'This server gives out no tokens (DEMO_LOGIN is off).');
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok || !has(body, 'token')) throw new ApiProblem('refused', 'That is not a user name.');
  return String(body.token);
}

function problemOf(status: number, body: unknown): ApiProblem {
  switch (status) {
    case 401:
      return new ApiProblem('unauthorized', 'The token is not good, or not any more.');
    case 403:
      return new ApiProblem('forbidden', 'The token is good, but its user is not an admin.');
    case 502:
    case 504:
      return new ApiProblem('unreachable', 'The load balancer finds no server.');
    case 503:
      return new ApiProblem('unavailable', 'The server answers, but its database does not.');
    default:
      return new ApiProblem('refused', has(body, 'message') ? String(body.message) : `The server answers ${status}.`);
  }
}

function isOverview(value: unknown): value is Overview {
  return has(value, 'now', 'nodes', 'rooms', 'ackBoundsMs');
}

function has<K extends string>(value: unknown, ...keys: K[]): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}
