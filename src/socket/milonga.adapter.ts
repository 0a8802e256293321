import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocketServer } from 'ws';
import { SocketHub } from './socket-hub.js';

/**
 * Gives Nest's gateways their sockets: `app.useWebSocketAdapter(new MilongaAdapter(app))`.
 *
 * All gateways of the application, a host's own too, share one WebSocket server on the HTTP server's port, at `/`
 * and `/ws` (CONN-1). Sockets, dispatch and lifecycle hooks are `SocketHub`'s and `MessageRouter`'s: of the stock
 * adapter's way from a socket to a gateway nothing is left, see `docs/architecture.md` for why.
 */
export class MilongaAdapter extends WsAdapter {
  private hub: SocketHub | undefined;

  constructor(private readonly app: INestApplication) {
    super(app);
  }

  /** @throws Error for a gateway that asks for a port or path of its own */
  override create(port: number, options: { path?: string; namespace?: string } = {}): WebSocketServer {
    if (port !== 0 || options.path || options.namespace) {
      throw new Error(
        'MilongaAdapter serves every gateway at / and /ws of the HTTP port: declare @WebSocketGateway() bare',
      );
    }
    const hub = this.app.get(SocketHub, { strict: false });
    this.hub = hub;
    return hub.attach(this.httpServer as Server);
  }

  override bindClientConnect(): void {
    // MessageRouter calls the gateways' handleConnection and handleDisconnect.
  }

  override bindMessageHandlers(): void {
    // MessageRouter calls the gateways' methods.
  }

  override close(): Promise<void> {
    this.hub?.close();
    return Promise.resolve();
  }

  override dispose(): Promise<void> {
    return Promise.resolve();
  }
}
