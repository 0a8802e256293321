/** Least severe line that is logged. */
export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/**
 * Everything about the server that a deployment may set, parsed and typed once.
 *
 * `environment.ts` makes it from environment variables for the standalone server; a host
 * application gives the parts it wants to differ from `DEFAULT_OPTIONS` to `MilongaModule.forRoot`.
 * All durations are milliseconds.
 */
export interface MilongaOptions {
  /** In production the defaults are strict: a secret of one's own, no demo login, own origin only. */
  readonly production: boolean;
  readonly database: DatabaseOptions;
  /** `redis://…`: this process is one node of many, which share the database; undefined: a single node. */
  readonly redisUrl: string | undefined;
  readonly tokens: TokenOptions;
  readonly handshake: HandshakeOptions;
  readonly heartbeat: HeartbeatOptions;
  readonly limits: LimitOptions;
  /** How long an unauthenticated connection may live (AUTH-5). */
  readonly authTimeoutMs: number;
  /** How long a user whose connection dropped still counts as present (ROOM-7); 0 = not at all. */
  readonly presenceGraceMs: number;
  /** How long a stopping server takes to send its clients away. */
  readonly drainTimeoutMs: number;
  /** Whether joining an unknown slug makes a public room (ROOM-3). */
  readonly roomAutoCreate: boolean;
}

export interface DatabaseOptions {
  /** `postgres://…`; undefined: embedded PostgreSQL (PGlite) in `dataDir`. */
  readonly url: string | undefined;
  /** Directory of the embedded database and of a generated token secret. */
  readonly dataDir: string;
}

/** Which tokens are accepted (AUTH-2): those signed with a secret, or those of a public key; never both. */
export interface TokenOptions {
  /** HS256 secret. Undefined where a public key is configured. */
  readonly secret: string | undefined;
  /** Also accepted while secrets rotate. */
  readonly previousSecret: string | undefined;
  /** PEM (SPKI) of an RSA, EC P-256 or Ed25519 key. */
  readonly publicKey: string | undefined;
  readonly jwksUrl: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

export interface HandshakeOptions {
  /** Origins that may connect, compared exactly. Undefined: see `production`. */
  readonly allowedOrigins: readonly string[] | undefined;
  /** The public address of the socket, where it is not what the request says. */
  readonly publicUrl: string | undefined;
  /** Whether X-Forwarded-* headers are believed. */
  readonly trustProxy: boolean;
}

export interface HeartbeatOptions {
  /** Between two pings to one connection (BEAT-1). */
  readonly intervalMs: number;
  /** Silence after which a connection is dead (BEAT-2). */
  readonly timeoutMs: number;
}

export interface LimitOptions {
  /** Largest frame a client may send, in bytes (CONN-2). */
  readonly maxFrameBytes: number;
  /** Longest message text after cleaning, in code points (CHAT-6). */
  readonly maxMessageLength: number;
  /** What may wait for one connection before it is cut off, in bytes (LIMIT-3). */
  readonly sendBufferBytes: number;
  readonly maxConnectionsPerUser: number;
  readonly maxRoomsPerConnection: number;
  /** Most missed messages that a resuming client is sent (RES-1). */
  readonly replayLimit: number;
  /** Tokens a user's bucket regains a second (LIMIT-1); 0 = no rate limit. */
  readonly ratePerSecond: number;
  /** Tokens a user's full bucket holds. */
  readonly rateBurst: number;
}

/** What the standalone server has beside the module that a host application imports. */
export interface ServerOptions extends MilongaOptions {
  readonly port: number;
  readonly host: string;
  /** Whether `POST /auth/demo` gives anyone a token. */
  readonly demoLogin: boolean;
  /** Secret of the server-to-server endpoints; undefined: they are off. */
  readonly apiKey: string | undefined;
  readonly logLevel: LogLevel;
}

export const DEFAULT_OPTIONS: MilongaOptions = {
  production: process.env['NODE_ENV'] === 'production',
  database: { url: undefined, dataDir: './data' },
  redisUrl: undefined,
  tokens: {
    secret: undefined,
    previousSecret: undefined,
    publicKey: undefined,
    jwksUrl: undefined,
    issuer: undefined,
    audience: undefined,
  },
  handshake: { allowedOrigins: undefined, publicUrl: undefined, trustProxy: false },
  heartbeat: { intervalMs: 30_000, timeoutMs: 90_000 },
  limits: {
    maxFrameBytes: 65_536,
    maxMessageLength: 4_000,
    sendBufferBytes: 1_048_576,
    maxConnectionsPerUser: 10,
    maxRoomsPerConnection: 128,
    replayLimit: 500,
    ratePerSecond: 20,
    rateBurst: 60,
  },
  authTimeoutMs: 10_000,
  presenceGraceMs: 15_000,
  drainTimeoutMs: 25_000,
  roomAutoCreate: true,
};

/** Injection token of the `MilongaOptions` in force. */
export const MILONGA_OPTIONS = Symbol('MILONGA_OPTIONS');

/** Injection token of the `ServerOptions`, in the standalone server only. */
export const SERVER_OPTIONS = Symbol('SERVER_OPTIONS');
