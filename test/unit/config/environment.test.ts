import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../../src/config/configuration-error.js';
import { parseEnvironment } from '../../../src/config/environment.js';
import { DEFAULT_OPTIONS, type ServerOptions } from '../../../src/config/options.js';

const STRONG = '3f1b9c5e7a2d4860b1e6f7a9c0d2e4f8';
const PREVIOUS = '8f4e2d0c9a7f6e1b0684d2a7e5c9b1f3';
const PRODUCTION = { NODE_ENV: 'production', JWT_SECRET: STRONG };
const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const weakRsa = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).publicKey;

type Env = Record<string, string>;

function problemOf(env: Env): string {
  try {
    parseEnvironment(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message;
  }
  throw new Error('was accepted');
}

describe('defaults', () => {
  test('are those of the options, and open outside production', () => {
    expect(parseEnvironment({})).toEqual({
      ...DEFAULT_OPTIONS,
      port: 5000,
      host: '0.0.0.0',
      demoLogin: true,
      apiKey: undefined,
      logLevel: 'info',
    });
  });

  test('are strict in production', () => {
    expect(parseEnvironment(PRODUCTION)).toMatchObject({ production: true, demoLogin: false });
  });

  test('the empty text counts as unset', () => {
    expect(parseEnvironment({ PORT: '', JWT_SECRET: '', REDIS_URL: '', DEMO_LOGIN: '' })).toEqual(parseEnvironment({}));
  });

  test('DEMO_LOGIN is off where a public key leaves nothing to sign with', () => {
    expect(parseEnvironment({ DEMO_LOGIN: 'true', JWT_PUBLIC_KEY: publicKey }).demoLogin).toBe(false);
    expect(parseEnvironment({ JWT_JWKS_URL: 'https://a.example/jwks' }).demoLogin).toBe(false);
  });
});

const ACCEPTED: readonly [Env, (options: ServerOptions) => unknown, unknown][] = [
  [{ PORT: '0' }, (o) => o.port, 0],
  [{ PORT: '65535' }, (o) => o.port, 65_535],
  [{ HOST: '::' }, (o) => o.host, '::'],
  [{ NODE_ENV: 'test' }, (o) => o.production, false],
  [{ DATABASE_URL: 'postgres://u:p@h:5432/d' }, (o) => o.database.url, 'postgres://u:p@h:5432/d'],
  [{ DATABASE_URL: 'postgresql://u@/d?host=/run' }, (o) => o.database.url, 'postgresql://u@/d?host=/run'],
  [{ DATA_DIR: '/var/lib/milonga' }, (o) => o.database.dataDir, '/var/lib/milonga'],
  [{ JWT_SECRET: 'short' }, (o) => o.tokens.secret, 'short'],
  [{ ...PRODUCTION, JWT_PREVIOUS_SECRET: PREVIOUS }, (o) => o.tokens.previousSecret, PREVIOUS],
  [{ NODE_ENV: 'production', JWT_PUBLIC_KEY: publicKey }, (o) => o.tokens.publicKey, publicKey],
  [{ JWT_SECRET: 'x', JWT_PUBLIC_KEY: publicKey }, (o) => o.tokens.secret, undefined],
  [{ JWT_PUBLIC_KEY: publicKey.replaceAll('\n', '\\n') }, (o) => typeof o.tokens.publicKey, 'string'],
  [
    { NODE_ENV: 'production', JWT_JWKS_URL: 'https://a.example/jwks' },
    (o) => o.tokens.jwksUrl,
    'https://a.example/jwks',
  ],
  [{ NODE_ENV: 'production', JWT_JWKS_URL: 'http://127.0.0.1:81/k' }, (o) => o.tokens.jwksUrl, 'http://127.0.0.1:81/k'],
  [{ JWT_ISSUER: 'a', JWT_AUDIENCE: 'b' }, (o) => [o.tokens.issuer, o.tokens.audience], ['a', 'b']],
  [{ WEBSOCKET_URL: 'wss://mundotango.com' }, (o) => o.handshake.publicUrl, 'wss://mundotango.com'],
  [{ WEBSOCKET_URL: 'ws://localhost:5000/ws' }, (o) => o.handshake.publicUrl, 'ws://localhost:5000/ws'],
  [
    { ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000,capacitor://localhost' },
    (o) => o.handshake.allowedOrigins,
    ['https://a.example', 'http://localhost:3000', 'capacitor://localhost'],
  ],
  [{ TRUST_PROXY: '1' }, (o) => o.handshake.trustProxy, true],
  [{ ROOM_AUTO_CREATE: '0' }, (o) => o.roomAutoCreate, false],
  [{ ...PRODUCTION, DEMO_LOGIN: 'true' }, (o) => o.demoLogin, true],
  [
    { HEARTBEAT_INTERVAL_MS: '100', HEARTBEAT_TIMEOUT_MS: '101' },
    (o) => o.heartbeat,
    { intervalMs: 100, timeoutMs: 101 },
  ],
  [{ PRESENCE_GRACE_MS: '0' }, (o) => o.presenceGraceMs, 0],
  [{ DRAIN_TIMEOUT_MS: '0' }, (o) => o.drainTimeoutMs, 0],
  [{ AUTH_TIMEOUT_MS: '250' }, (o) => o.authTimeoutMs, 250],
  [{ RATE_LIMIT_PER_SECOND: '0' }, (o) => o.limits.ratePerSecond, 0],
  [{ RATE_LIMIT_BURST: '0' }, (o) => o.limits.ratePerSecond, 0],
  [{ MAX_FRAME_BYTES: '131072' }, (o) => o.limits.maxFrameBytes, 131_072],
  [{ API_KEY: 'abc-123' }, (o) => o.apiKey, 'abc-123'],
  [{ LOG_LEVEL: 'silent' }, (o) => o.logLevel, 'silent'],
];

test.each(ACCEPTED)('accepts %j', (env, part, value) => {
  expect(part(parseEnvironment(env))).toEqual(value);
});

const REFUSED: readonly [Env, RegExp][] = [
  [{ PORT: 'abc' }, /^PORT: "abc" is not a whole number from 0 to 65535$/],
  [{ PORT: '65536' }, /^PORT: /],
  [{ PORT: '-1' }, /^PORT: /],
  [{ PORT: '5e3' }, /^PORT: /],
  [{ PORT: ' 5000' }, /^PORT: " 5000" is not/],
  [{ HOST: 'http://x' }, /^HOST: /],
  [{ DATABASE_URL: 'mysql://u:hush@h/d' }, /^DATABASE_URL: its value is not .*postgres:\/\//],
  [{ DATABASE_URL: 'postgres://' }, /^DATABASE_URL: /],
  [{ DATABASE_URL: 'postgres://u:hush@h:port/d' }, /^DATABASE_URL: /],
  [{ REDIS_URL: 'redis://h' }, /^REDIS_URL: needs DATABASE_URL/],
  [{ REDIS_URL: 'http://h' }, /^REDIS_URL: its value is not .*redis:\/\//],
  [{ NODE_ENV: 'production' }, /^JWT_SECRET: must be set in production/],
  [{ NODE_ENV: 'production', JWT_SECRET: 'hush' }, /^JWT_SECRET: must be at least 32 bytes/],
  [{ NODE_ENV: 'production', JWT_SECRET: 'your-production-secret' }, /^JWT_SECRET: is a sample/],
  [{ ...PRODUCTION, JWT_PREVIOUS_SECRET: 'hush' }, /^JWT_PREVIOUS_SECRET: must be at least 32 bytes/],
  [{ ...PRODUCTION, JWT_PREVIOUS_SECRET: 'your-production-secret' }, /^JWT_PREVIOUS_SECRET: is a sample/],
  [{ JWT_PREVIOUS_SECRET: 'x' }, /^JWT_PREVIOUS_SECRET: needs JWT_SECRET/],
  [{ JWT_SECRET: publicKey }, /^JWT_SECRET: .*JWT_PUBLIC_KEY/],
  [{ JWT_PUBLIC_KEY: 'nonsense' }, /^JWT_PUBLIC_KEY: its value is not the PEM/],
  [{ JWT_PUBLIC_KEY: privateKey }, /^JWT_PUBLIC_KEY: its value is not the PEM/],
  [{ JWT_PUBLIC_KEY: weakRsa }, /^JWT_PUBLIC_KEY: its value is not the PEM/],
  [{ JWT_PUBLIC_KEY: publicKey, JWT_JWKS_URL: 'https://a.example/jwks' }, /^JWT_JWKS_URL: cannot be set together/],
  [{ JWT_JWKS_URL: 'ftp://a.example/jwks' }, /^JWT_JWKS_URL: /],
  [{ JWT_JWKS_URL: 'https://u:hush@a.example/jwks' }, /^JWT_JWKS_URL: /],
  [{ NODE_ENV: 'production', JWT_JWKS_URL: 'http://a.example/jwks' }, /^JWT_JWKS_URL: must start with https/],
  [{ WEBSOCKET_URL: 'https://a.example' }, /^WEBSOCKET_URL: .*wss:\/\//],
  [{ WEBSOCKET_URL: 'wss://a.example/#x' }, /^WEBSOCKET_URL: /],
  [{ ALLOWED_ORIGINS: 'https://a.example/' }, /^ALLOWED_ORIGINS: "https:\/\/a.example\/" is not .*no slash at the end/],
  [{ ALLOWED_ORIGINS: 'https://a.example/chat' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: 'https://A.example' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: 'https://a.example:443' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: 'https://a.example,' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: 'wss://a.example' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: 'a.example' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: '*' }, /^ALLOWED_ORIGINS: /],
  [{ ALLOWED_ORIGINS: 'null' }, /^ALLOWED_ORIGINS: /],
  [{ TRUST_PROXY: 'yes' }, /^TRUST_PROXY: "yes" is not true or false/],
  [{ ROOM_AUTO_CREATE: 'constructor' }, /^ROOM_AUTO_CREATE: /],
  [{ HEARTBEAT_INTERVAL_MS: '30000', HEARTBEAT_TIMEOUT_MS: '30000' }, /^HEARTBEAT_TIMEOUT_MS: must be more than/],
  [{ HEARTBEAT_INTERVAL_MS: '0' }, /^HEARTBEAT_INTERVAL_MS: "0" is not a whole number from 10 to/],
  [{ HEARTBEAT_INTERVAL_MS: '1.5' }, /^HEARTBEAT_INTERVAL_MS: /],
  [{ MAX_CONNECTIONS_PER_USER: '0' }, /^MAX_CONNECTIONS_PER_USER: /],
  [{ MAX_MESSAGE_LENGTH: '0' }, /^MAX_MESSAGE_LENGTH: /],
  [{ API_KEY: 'hush hush' }, /^API_KEY: its value is not/],
  [
    { LOG_LEVEL: 'verbose\nx' },
    /^LOG_LEVEL: "verbose\\nx" is not one of trace, debug, info, warn, error, fatal, silent$/,
  ],
];

test.each(REFUSED)('refuses %j', (env, problem) => {
  const message = problemOf(env);
  expect(message).toMatch(problem);
  expect(message).not.toContain('\n');
  expect(message).not.toContain('hush');
});

describe('.env.example', () => {
  const example = readFileSync('.env.example', 'utf8');

  function readNames(): string[] {
    const names: string[] = [];
    const recorder = new Proxy<NodeJS.ProcessEnv>(
      {},
      {
        get: (_target, name) => void names.push(String(name)),
      },
    );
    parseEnvironment(recorder);
    return names.sort();
  }

  test('lists exactly the variables that are read', () => {
    const listed = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual(readNames());
  });

  test('gives the defaults', () => {
    expect(parseEnvironment(parseEnv(example))).toEqual(parseEnvironment({}));
  });

  test('explains each variable on the line before it', () => {
    const lines = example.split('\n');
    const assignment = /^(?:# )?[A-Z_]+=/;
    const unexplained = lines.filter(
      (line, at) => assignment.test(line) && (!lines[at - 1]!.startsWith('# ') || assignment.test(lines[at - 1]!)),
    );
    expect(unexplained).toEqual([]);
  });

  test('has a sample secret that production refuses', () => {
    const sample = /^# JWT_SECRET=(.*)$/m.exec(example)![1]!;
    expect(problemOf({ NODE_ENV: 'production', JWT_SECRET: sample })).toMatch(/^JWT_SECRET: is a sample/);
  });
});
