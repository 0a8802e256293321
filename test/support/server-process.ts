import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { http } from './http.js';
import { bounded, eventually } from './waiting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What `npm run start:prod` runs. */
export const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const READY_MS = 60_000;
const STOP_MS = 30_000;

const running = new Set<ServerProcess>();
process.on('exit', () => {
  for (const server of running) server.signal('SIGKILL');
});

/** One process of the built server. */
export class ServerProcess {
  readonly ended: Promise<ProcessEnd>;
  /** All it wrote, to stdout and stderr. */
  output = '';
  hasEnded = false;

  private readonly child: ChildProcess;

  constructor(environment: Environment) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [MAIN], {
      // Not the repository, where a developer's .env may name a database that matters.
      cwd: tmpdir(),
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = new Promise((resolve) => {
      // `close`, not `exit`: then its output is complete.
      this.child.on('close', (code, signal) => {
        this.hasEnded = true;
        running.delete(this);
        resolve({ code, signal });
      });
    });
    running.add(this);
  }

  /** Waits until `GET /health/ready` at the URL is 200. */
  async untilReady(url: string): Promise<void> {
    try {
      await eventually('The server is ready', async () => (await this.isReady(url)) || undefined, { within: READY_MS });
    } catch (error) {
      throw new Error(`${String(error)}\nThe output of the server:\n${this.output}`, { cause: error });
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Whoever reads what it writes is gone. */
  closeOutput(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.hasEnded) this.child.kill(signal);
  }

  /** SIGTERM, and SIGKILL for one that does not obey; a hung server is an error of its own. */
  async stop(): Promise<ProcessEnd> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    try {
      return await bounded(this.ended, 'The end of the server after SIGTERM', STOP_MS);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await bounded(this.ended, 'The end of the server after SIGKILL');
  }

  private async isReady(url: string): Promise<boolean> {
    if (this.hasEnded) throw new Error('The server ended while starting');
    return http(`${url}/health/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
  }
}
