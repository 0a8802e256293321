import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A plain load balancer: each connection goes to the next node that takes it, without a thought. */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private next = 0;

  private constructor(
    private readonly listener: Server,
    private readonly nodes: readonly number[],
  ) {}

  static async start(port: number, nodes: readonly number[]): Promise<Balancer> {
    const listener = createServer((client) => balancer.forward(client, nodes.length));
    const balancer = new Balancer(listener, nodes);
    await once(listener.listen(port, '127.0.0.1'), 'listening');
    return balancer;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private forward(client: Socket, attempts: number): void {
    const node = connect(this.nodes[this.next++ % this.nodes.length]!, '127.0.0.1');
    const refused = () => {
      if (attempts > 1) this.forward(client, attempts - 1);
      else client.destroy();
    };
    node.once('error', refused);
    node.once('connect', () => {
      node.off('error', refused);
      this.link(client, node);
    });
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
