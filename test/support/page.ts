import { createContext, runInContext } from 'node:vm';
import { WebSocket, type ClientOptions } from 'ws';
import type { OwnServer } from './own-server.js';
import { isFrame, type Frame } from './ws-client.js';
import { eventually } from './waiting.js';

/** Where the contract's snippets look for the server. */
const CONTRACT_URL = 'ws://localhost:5000';

/** Stands in for a web page: runs scripts that expect the browser's `WebSocket`, `console` and timers. */
export class Page {
  /** What was printed, one array of arguments a line. */
  readonly printed: unknown[][] = [];
  /** Every frame that came on any of its sockets, whether or not the page listens. */
  readonly received: Frame[] = [];
  readonly closeCodes: number[] = [];

  private isClosed = false;
  private readonly sockets: WebSocket[] = [];
  private readonly context: object;

  constructor(server: OwnServer, options: ClientOptions = {}) {
    const { isClosed, sockets } = { isClosed: () => this.isClosed, sockets: this.sockets };
    const watch = (socket: WebSocket) => {
      this.watch(socket);
    };
    class PageWebSocket extends WebSocket {
      constructor(url: string) {
        super(url.replace(CONTRACT_URL, server.socketUrl), options);
        sockets.push(this);
        watch(this);
      }
    }
    const print = (...line: unknown[]) => this.printed.push(line);
    this.context = createContext({
      WebSocket: PageWebSocket,
      console: { log: print, error: print },
      setTimeout: (callback: () => void, delay: number) =>
        setTimeout(() => {
          if (!isClosed()) callback();
        }, delay).unref(),
    });
  }

  /** Runs a script as if pasted into the console; constants stay for the next one. */
  paste(script: string): unknown {
    return runInContext(script, this.context);
  }

  /** Waits until so many frames of the type came, and gives the last of them. */
  async receives(type: string, count = 1): Promise<Frame> {
    return eventually(
      `The page receives ${count} "${type}"`,
      () => this.received.filter((f) => f.type === type)[count - 1],
    );
  }

  async prints(line: string): Promise<void> {
    await eventually(`The page prints "${line}"`, () => this.printed.find(([first]) => first === line));
  }

  /** Leaves: no timer of the page runs any more. */
  close(): void {
    this.isClosed = true;
    for (const socket of this.sockets) socket.terminate();
  }

  private watch(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => {
      const frame: unknown = JSON.parse(data.toString());
      if (isFrame(frame)) this.received.push(frame);
    });
    socket.on('close', (code) => this.closeCodes.push(code));
    socket.on('error', () => undefined);
  }
}
