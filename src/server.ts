import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';
import { AppModule } from './app.module.js';
import type { ServerOptions } from './config/options.js';
import { limitHttpServer } from './http/http-server-limits.js';
import { ServerLogger } from './logging/server-logger.js';
import { MilongaAdapter } from './socket/milonga.adapter.js';

/** The built pages, beside this file's folder in `dist`. */
const WEB_ROOT = join(import.meta.dirname, '..', 'web');

/** From our own files only; sockets may go anywhere, as `WEBSOCKET_URL` may name another host. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

/**
 * Starts the standalone server and keeps it until SIGTERM or SIGINT, which drain it and end the process with status 0;
 * a second signal ends it at once.
 *
 * @returns when it listens
 * @throws whatever keeps it from starting
 */
export async function startServer(options: ServerOptions): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(options), {
    logger: new ServerLogger(options),
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.useWebSocketAdapter(new MilongaAdapter(app));
  app.disable('x-powered-by');
  // One hop: what stands further left in X-Forwarded-For is the client's own claim.
  app.set('trust proxy', options.handshake.trustProxy ? 1 : false);
  app.useStaticAssets(WEB_ROOT, { setHeaders: setPageHeaders });
  limitHttpServer(app.getHttpServer());
  stopOnSignals(app);
  await app.listen(options.port, options.host);
  new Logger('Milonga').log(`Ready. The demo page is at ${await app.getUrl()}`);
}

function setPageHeaders(response: Response): void {
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
}

function stopOnSignals(app: NestExpressApplication): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        new Logger('Milonga').error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
