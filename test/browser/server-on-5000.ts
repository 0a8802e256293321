import { OwnServer } from '../support/own-server.js';
import type { Environment } from '../support/server-process.js';

/** A server where the contract's own snippets look for one. */
export class ServerOn5000 extends OwnServer {
  constructor(settings: Environment = {}) {
    super('embedded', { ...settings, PORT: '5000' });
  }

  override get url(): string {
    return 'http://localhost:5000';
  }
}
