import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { AddressLimits } from './address-limits.js';
import { clientAddress } from './client-address.js';
import { Connection, type ConnectionContext } from './connection.js';
import { ConnectionRegistry } from './connection-registry.js';
import { encodePong } from './frame-encoder.js';
import { FrameReader } from './frame-reader.js';
import { judgeHandshake, judgeUpgrade } from './handshake.js';
import { LivenessClock } from './liveness-clock.js';
import { refuse, UNAVAILABLE, type Refusal } from './refusal.js';
import { Mailbox } from './mailbox.js';
import { MessageRouter } from './message-router.js';
import { Traffic } from './traffic.js';

const MAX_FRAGMENTS = 64;
const MAX_BUFFERED_CHUNKS = 1_024;
/** How long a closing handshake may take before the socket is destroyed; also the end of a stuck reader (LIMIT-3). */
const CLOSE_TIMEOUT_MS = 2_000;

/** Where sockets come in: takes upgrades off the HTTP server, and turns each into a `Connection` with its mailbox. */
@Injectable()
export class SocketHub {
  private readonly context: ConnectionContext;
  private accepting = true;
  private detach: () => void = () => undefined;

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly registry: ConnectionRegistry,
    private readonly router: MessageRouter,
    private readonly traffic: Traffic,
    private readonly addresses: AddressLimits,
    clock: LivenessClock,
  ) {
    this.context = { clock, traffic, sendBufferBytes: options.limits.sendBufferBytes };
  }

  /** Begins to take the upgrades of `httpServer`. */
  attach(httpServer: Server): WebSocketServer {
    this.router.bindGateways();
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      autoPong: false,
      perMessageDeflate: false,
      maxPayload: this.options.limits.maxFrameBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      closeTimeout: CLOSE_TIMEOUT_MS,
    } as ServerOptions);
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.upgrade(server, request, socket, head);
    };
    httpServer.on('upgrade', onUpgrade);
    this.detach = () => httpServer.off('upgrade', onUpgrade);
    return server;
  }

  /** Refuses every upgrade from now on. */
  stopAccepting(): void {
    this.accepting = false;
  }

  /** Leaves the HTTP server. */
  close(): void {
    this.detach();
  }

  private upgrade(server: WebSocketServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Before anything else: a peer that resets while we answer must not end the process (CONN-4).
    socket.on('error', () => socket.destroy());
    const address = clientAddress(request, this.options.handshake.trustProxy);
    const refusal = this.judge(request, address);
    if (refusal) {
      this.traffic.handshakesRefused += 1;
      refuse(socket, refusal);
      return;
    }
    server.handleUpgrade(request, socket, head, (ws) => this.accept(ws, socket, address));
  }

  private judge(request: IncomingMessage, address: string): Refusal | undefined {
    if (!this.accepting) return UNAVAILABLE;
    const { handshake, production } = this.options;
    return (
      judgeUpgrade(request) ??
      judgeHandshake(request, { ...handshake, production }) ??
      this.addresses.judge(address, performance.now())
    );
  }

  private accept(ws: WebSocket, socket: Duplex, address: string): void {
    const connection = new Connection(ws, socket, this.context, address);
    const mailbox = new Mailbox<string | null>(connection, (text) => this.router.dispatch(connection, text));
    this.registry.add(connection);
    this.addresses.opened(connection);
    new FrameReader(ws, socket, this.options.limits.maxFrameBytes, (text) => {
      connection.sawLife();
      mailbox.deliver(text);
    });
    ws.on('pong', () => {
      connection.sawLife();
      this.router.admitControlFrame(connection);
    });
    ws.on('ping', (payload) => {
      connection.sawLife();
      if (this.router.admitControlFrame(connection)) connection.sendEncoded(encodePong(payload));
    });
    ws.on('close', (code) => {
      mailbox.close();
      this.registry.remove(connection);
      this.addresses.closed(connection);
      this.router.disconnected(connection, connection.departureAfter(code));
    });
    this.router.connected(connection);
  }
}
