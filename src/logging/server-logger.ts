import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
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

/** JSON lines in production, readable ones elsewhere; from `LOG_LEVEL` on. */
export class ServerLogger extends ConsoleLogger {
  constructor({ production, logLevel }: Pick<ServerOptions, 'production' | 'logLevel'>) {
    const least = LEVELS.findIndex(([level]) => level === logLevel);
    super({ json: production, logLevels: LEVELS.slice(0, least + 1).map(([, level]) => level) });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (WIRING.has(rest.at(-1))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (START_ERRORS.has(rest.at(-1))) super.debug(message, ...rest);
    else super.error(message, ...rest);
  }
}
