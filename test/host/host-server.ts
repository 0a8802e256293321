import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TestServer } from '../support/server.js';
import { JWT_SECRET } from '../support/tokens.js';
import { bounded } from '../support/waiting.js';
import type { InstalledHost } from './installed-host.js';

/** The host application as a process of its own. */
export class HostServer extends TestServer {
  readonly name = 'a host application';
  readonly writesLive = false;
  readonly apiKey = '';
  url = '';

  private child: ChildProcess | undefined;

  /** @param way which of the module's two methods the host uses */
  constructor(
    private readonly host: InstalledHost,
    private readonly way: string,
  ) {
    super();
  }

  async start(): Promise<void> {
    const { PATH, HOME } = process.env;
    const DATA_DIR = join(this.host.folder, `data-${this.way}`);
    const child = spawn(process.execPath, [this.host.main], {
      cwd: this.host.folder,
      env: { PATH, HOME, DATA_DIR, TOKEN_SECRET: JWT_SECRET, WAY: this.way },
    });
    this.child = child;
    let output = '';
    const listening = new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          const url = /Listening on (\S+)/.exec(output)?.[1];
          if (url !== undefined) resolve(url);
        });
      }
      child.on('exit', () => {
        reject(new Error(`The host ended while starting. Its output:\n${output}`));
      });
    });
    this.url = await bounded(listening, 'The start of the host', 45_000);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    try {
      await bounded(ended, 'The end of the host after SIGTERM', 30_000);
    } finally {
      child.kill('SIGKILL');
    }
  }

  arrange(): Promise<never> {
    return Promise.reject(new Error('The host keeps its own users'));
  }
}
