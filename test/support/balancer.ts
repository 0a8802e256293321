import { connect, createServer, type Server, type Socket } from 'node:net';

/** A plain load balancer: each connection goes to the next node, without a thought. */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private next = 0;

  private constructor(private readonly listener: Server) {}

  static async start(port: number, nodes: readonly number[]): Promise<Balancer> {
    const listener = createServer((client) => {
      balancer.link(client, connect(nodes[balancer.next++ % nodes.length]!, '127.0.0.1'));
    });
    const balancer = new Balancer(listener);
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
    return balancer;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private link(client: Socket, node: Socket): void {
    for (const [from, to] of [
      [client, node],
      [node, client],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
