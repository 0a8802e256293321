import { randomBytes } from 'node:crypto';
import { Bus } from './bus.js';

/** The bus of a single node: there is nobody to talk to. */
export class LocalBus extends Bus {
  override readonly nodeId = randomBytes(9).toString('base64url');
  override readonly isClustered = false;
  override readonly isUp = false;

  override publish(): void {
    // Nobody listens.
  }

  override publishInTurn(): Promise<void> {
    return Promise.resolve();
  }

  override flushed(): Promise<void> {
    return Promise.resolve();
  }

  override subscribe(): Promise<void> {
    return Promise.resolve();
  }

  override unsubscribe(): void {
    // Nothing was subscribed to.
  }

  override audience(): Promise<number> {
    return Promise.resolve(0);
  }

  override update(): void {
    // Nobody reads it.
  }

  override read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override onRestored(): void {
    // Nothing is ever lost.
  }
}
