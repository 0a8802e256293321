import type { Random } from '../../verify/random.mjs';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from '../support/waiting.js';

export type Fault = 'cut' | 'stalled' | 'answers lost' | 'refused' | 'silent';

const FAULTS: readonly Fault[] = ['cut', 'cut', 'stalled', 'answers lost', 'refused'];

/** A link to the server on which something goes wrong every few seconds. */
export class FlakyLink {
  readonly faults: Fault[] = [];
  private isOver = false;

  private constructor(
    private readonly proxy: TcpProxy,
    private readonly random: Random,
  ) {}

  static async to(serverUrl: string, random: Random): Promise<FlakyLink> {
    const { hostname: host, port } = new URL(serverUrl);
    return new FlakyLink(await TcpProxy.start({ host, port: Number(port) }), random);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.proxy.port}`;
  }

  /**
   * Goes on until `settle`. One fault in fifteen is a silence longer than the client stands, which only its own clock can
   * notice, where there is time for it.
   */
  async misbehave(hasTime: boolean): Promise<void> {
    while (await this.pass(this.random.between(1_000, 6_000))) {
      const isLong = hasTime && this.random.chance(1 / 15);
      const fault = isLong ? 'silent' : this.random.pick(FAULTS);
      this.faults.push(fault);
      await this.have(fault);
    }
  }

  /** A good link from here on. */
  async settle(): Promise<void> {
    this.isOver = true;
    await this.proxy.restore();
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
  }

  private async have(fault: Fault): Promise<void> {
    switch (fault) {
      case 'cut':
        this.proxy.cut();
        return;
      case 'refused':
        await this.proxy.refuse();
        break;
      case 'stalled':
      case 'silent':
        this.proxy.stall();
        break;
      case 'answers lost':
        this.proxy.swallowAnswers();
    }
    await this.pass(fault === 'silent' ? 55_000 : this.random.between(0, 3_000));
    await this.proxy.restore();
  }

  /** Lets time pass; less when it is over. Tells whether it is not. */
  private async pass(milliseconds: number): Promise<boolean> {
    const until = Date.now() + milliseconds;
    await eventually('Time passes', () => this.isOver || Date.now() >= until || undefined, {
      within: milliseconds + 10_000,
    });
    return !this.isOver;
  }
}
