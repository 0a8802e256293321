import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import { causeOf, LineLimiter } from './line-limiter.js';
import type { LogLevel, ServerOptions } from '../config/options.js';

/** Our levels and Nest's names for them, most severe first. */
const LEVELS: readonly (readonly [LogLevel, NestLogLevel])[] = [
  ['fatal', 'fatal'],
  ['error', 'error'],
  ['warn', 'warn'],
  ['info', 'log'],
  ['debug', 'debug'],
  ['trace', 'verbose'],
];

/** The parts of Nest that tell at every start what they wired up: of interest when debugging. */
const WIRING: ReadonlySet<unknown> = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/** Tells of errors that end the start; `main.ts` does that, in one line. */
const START_ERRORS: ReadonlySet<unknown> = new Set(['ExceptionHandler', 'NestApplication', 'TypeOrmModule']);

/** A stack or a database's complaint says what it has to say within this. */
const MOST_CHARACTERS = 4_000;

/**
 * JSON lines in production, readable ones elsewhere; from `LOG_LEVEL` on. Warnings and errors, which clients can cause,
 * come once a second for each cause.
 */
export class ServerLogger extends ConsoleLogger {
  private readonly limiter = new LineLimiter();

  constructor({ production, logLevel }: Pick<ServerOptions, 'production' | 'logLevel'>) {
    const least = LEVELS.findIndex(([level]) => level === logLevel);
    super({ json: production, logLevels: LEVELS.slice(0, least + 1).map(([, level]) => level) });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (WIRING.has(rest.at(-1))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    const line = this.limited('warn', message, rest);
    if (line !== undefined) super.warn(line, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (START_ERRORS.has(rest.at(-1))) {
      super.debug(message, ...rest);
      return;
    }
    const line = this.limited('error', message, rest);
    if (line !== undefined) super.error(line, ...rest);
  }

  /** The line as it is to be logged; undefined: not at all. */
  private limited(level: string, message: unknown, rest: readonly unknown[]): unknown {
    const leftOut = this.limiter.admit(causeOf(level, rest.at(-1), message), performance.now());
    if (leftOut === undefined) return undefined;
    const short = typeof message === 'string' ? message.slice(0, MOST_CHARACTERS) : message;
    return leftOut === 0 ? short : `${describe(short)} (and ${String(leftOut)} more like it since)`;
  }
}

function describe(message: unknown): string {
  return message instanceof Error ? (message.stack ?? message.message) : String(message);
}
