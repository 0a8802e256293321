import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../scripts/free-port.mjs';

type Mode = 'forward' | 'stall' | 'swallow answers';

/** Stands between the server and its database and does to the link what networks do. */
export class TcpProxy {
  private mode: Mode = 'forward';
  private readonly sockets = new Set<Socket>();
  private listener: Server | undefined;

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    readonly port: number,
  ) {}

  static async start(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, await freePort());
    await proxy.listen();
    return proxy;
  }

  /** Resets every connection and lets no new one in, until `restore`. */
  async refuse(): Promise<void> {
    this.cut();
    const { listener } = this;
    this.listener = undefined;
    await new Promise<void>((resolve) => {
      if (listener === undefined) resolve();
      else
        listener.close(() => {
          resolve();
        });
    });
  }

  /** Resets every connection; new ones are welcome. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  /** Connections stay and come, and nothing passes in either direction, until `restore`. */
  stall(): void {
    this.mode = 'stall';
  }

  /** What the server sends still arrives at the database; nothing comes back, until `restore`. */
  swallowAnswers(): void {
    this.mode = 'swallow answers';
  }

  /** A good link again, for new connections: those of the bad time have lost bytes and are reset. */
  async restore(): Promise<void> {
    if (this.mode !== 'forward') this.cut();
    this.mode = 'forward';
    if (this.listener === undefined) await this.listen();
  }

  async stop(): Promise<void> {
    await this.refuse();
  }

  private async listen(): Promise<void> {
    const listener = createServer((client) => {
      this.link(client);
    });
    this.listener = listener;
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(this.port, '127.0.0.1', resolve);
    });
  }

  private link(client: Socket): void {
    const database = connect(this.target.port, this.target.host);
    const pairs = [
      [client, database],
      [database, client],
    ] as const;
    for (const [from, to] of pairs) {
      this.sockets.add(from);
      from.on('data', (chunk) => {
        if (this.passes(from === client)) to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }

  private passes(isRequest: boolean): boolean {
    return this.mode === 'forward' || (this.mode === 'swallow answers' && isRequest);
  }
}
