import { ConfigurationError } from './configuration-error.js';
import {
  address,
  anyText,
  connectionString,
  flag,
  type Format,
  headerSecret,
  hostName,
  integer,
  oneOf,
  origins,
  publicKeyPem,
  tokenSecret,
} from './environment-formats.js';
import { checkRules, hasPublicKeys } from './environment-rules.js';
import { DEFAULT_OPTIONS, type ServerOptions } from './options.js';

const DAY_MS = 86_400_000;
/** Below this, timers do little but fire. */
const MIN_MS = 10;
const MIB = 1_048_576;
const MANY = 1_000_000;
const SHOWN_LENGTH = 80;
/** Clients take a server that answers later than this for one that is away. */
const MAX_FAILURE_DELAY_MS = 5_000;

const pause = integer(MIN_MS, DAY_MS);
const pauseOrNone = integer(0, DAY_MS);

/**
 * The options of the standalone server. A variable that is set to the empty text counts as unset.
 *
 * @throws ConfigurationError that names the variable, what is wrong with it and what is accepted, in one line.
 */
export function parseEnvironment(env: NodeJS.ProcessEnv): ServerOptions {
  const options = readVariables(env);
  checkRules(options);
  return options;
}

function readVariables(env: NodeJS.ProcessEnv): ServerOptions {
  const read = readerOf(env);
  const { database, handshake, heartbeat, limits, ...defaults } = DEFAULT_OPTIONS;
  const production = read('NODE_ENV', anyText) === 'production';
  const ratePerSecond = read('RATE_LIMIT_PER_SECOND', integer(0, MANY)) ?? limits.ratePerSecond;
  const rateBurst = read('RATE_LIMIT_BURST', integer(0, MANY)) ?? limits.rateBurst;
  const dialRate = read('DIAL_RATE_PER_ADDRESS', integer(0, MANY)) ?? limits.dialRatePerAddress;
  const dialBurst = read('DIAL_BURST_PER_ADDRESS', integer(0, MANY)) ?? limits.dialBurstPerAddress;
  const keys = {
    publicKey: read('JWT_PUBLIC_KEY', publicKeyPem),
    jwksUrl: read('JWT_JWKS_URL', address('https', 'http')),
  };
  const secrets = {
    secret: read('JWT_SECRET', tokenSecret),
    previousSecret: read('JWT_PREVIOUS_SECRET', tokenSecret),
  };
  const tokens = {
    ...keys,
    // One family at a time (AUTH-2): where public keys are configured, no secret makes a token good.
    ...(hasPublicKeys(keys) ? { secret: undefined, previousSecret: undefined } : secrets),
    issuer: read('JWT_ISSUER', anyText),
    audience: read('JWT_AUDIENCE', anyText),
  };
  const options: ServerOptions = {
    production,
    port: read('PORT', integer(0, 65_535)) ?? 5_000,
    host: read('HOST', hostName) ?? '0.0.0.0',
    database: {
      url: read('DATABASE_URL', connectionString('postgres', 'postgresql')),
      dataDir: read('DATA_DIR', anyText) ?? database.dataDir,
    },
    redisUrl: read('REDIS_URL', connectionString('redis', 'rediss')),
    tokens,
    handshake: {
      allowedOrigins: read('ALLOWED_ORIGINS', origins),
      publicUrl: read('WEBSOCKET_URL', address('wss', 'ws')),
      trustProxy: read('TRUST_PROXY', flag) ?? handshake.trustProxy,
    },
    heartbeat: {
      intervalMs: read('HEARTBEAT_INTERVAL_MS', pause) ?? heartbeat.intervalMs,
      timeoutMs: read('HEARTBEAT_TIMEOUT_MS', pause) ?? heartbeat.timeoutMs,
    },
    limits: {
      maxFrameBytes: read('MAX_FRAME_BYTES', integer(64, 16 * MIB)) ?? limits.maxFrameBytes,
      maxMessageLength: read('MAX_MESSAGE_LENGTH', integer(1, MANY)) ?? limits.maxMessageLength,
      sendBufferBytes: read('SEND_BUFFER_BYTES', integer(1_024, 1_024 * MIB)) ?? limits.sendBufferBytes,
      maxConnectionsPerUser: read('MAX_CONNECTIONS_PER_USER', integer(1, MANY)) ?? limits.maxConnectionsPerUser,
      maxConnectionsPerAddress:
        read('MAX_CONNECTIONS_PER_ADDRESS', integer(0, MANY)) ?? limits.maxConnectionsPerAddress,
      dialRatePerAddress: dialBurst === 0 ? 0 : dialRate,
      dialBurstPerAddress: dialBurst,
      maxUnauthenticated: read('MAX_UNAUTHENTICATED_CONNECTIONS', integer(0, MANY)) ?? limits.maxUnauthenticated,
      maxRoomsPerConnection: read('MAX_ROOMS_PER_CONNECTION', integer(1, MANY)) ?? limits.maxRoomsPerConnection,
      replayLimit: read('REPLAY_LIMIT', integer(0, MANY)) ?? limits.replayLimit,
      // A bucket that holds nothing would let nothing through; 0 means "off" for either variable.
      ratePerSecond: rateBurst === 0 ? 0 : ratePerSecond,
      rateBurst,
      authFailureDelayMs: read('AUTH_FAILURE_DELAY_MS', integer(0, MAX_FAILURE_DELAY_MS)) ?? limits.authFailureDelayMs,
    },
    authTimeoutMs: read('AUTH_TIMEOUT_MS', pause) ?? defaults.authTimeoutMs,
    presenceGraceMs: read('PRESENCE_GRACE_MS', pauseOrNone) ?? defaults.presenceGraceMs,
    drainTimeoutMs: read('DRAIN_TIMEOUT_MS', pauseOrNone) ?? defaults.drainTimeoutMs,
    roomAutoCreate: read('ROOM_AUTO_CREATE', flag) ?? defaults.roomAutoCreate,
    // A public key signs no tokens.
    demoLogin: !hasPublicKeys(keys) && (read('DEMO_LOGIN', flag) ?? !production),
    apiKey: read('API_KEY', headerSecret),
    logLevel: read('LOG_LEVEL', oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')) ?? 'info',
  };
  return options;
}

function readerOf(env: NodeJS.ProcessEnv) {
  return <T>(name: string, { accepts, parse, confidential }: Format<T>): T | undefined => {
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value !== undefined) return value;
    const shown = confidential ? 'its value' : JSON.stringify(text.slice(0, SHOWN_LENGTH));
    throw new ConfigurationError(name, `${shown} is not ${accepts}`);
  };
}
