import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.mjs';
import { eventually } from '../support/waiting.js';

const SHIPPED = new URL('../../deploy/nginx.conf', import.meta.url);

export const hasNginx = spawnSync('nginx', ['-v']).status === 0;

/** A real nginx with the shipped configuration, of which only the ports differ. */
export class Nginx {
  private readonly directory = mkdtempSync(join(tmpdir(), 'milonga-nginx-'));
  private child: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  static async start(nodes: readonly number[]): Promise<Nginx> {
    const nginx = new Nginx(await freePort());
    await nginx.launch(nodes);
    return nginx;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child?.once('exit', resolve));
    this.child?.kill('SIGQUIT');
    const impatience = setTimeout(() => this.child?.kill('SIGTERM'), 1_000);
    await ended;
    clearTimeout(impatience);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async launch(nodes: readonly number[]): Promise<void> {
    const shipped = readFileSync(SHIPPED, 'utf8')
      .replace('listen 80;', `listen 127.0.0.1:${this.port};`)
      .replace('localhost:5000', `127.0.0.1:${nodes[0]}`)
      .replace('localhost:5001', `127.0.0.1:${nodes[1]}`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${join(this.directory, name)};`,
    );
    const configuration = join(this.directory, 'nginx.conf');
    writeFileSync(
      configuration,
      `pid ${join(this.directory, 'pid')}; error_log stderr; events {} http { access_log off; ${temporary.join(' ')}\n${shipped} }`,
    );
    this.child = spawn('nginx', ['-c', configuration, '-e', 'stderr', '-g', 'daemon off;'], { stdio: 'ignore' });
    await eventually('nginx listens', async () => (await this.accepts()) || undefined);
  }

  private async accepts(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }
}
