/** Something that views show: it tells them when it has changed. */
export abstract class Model {
  private readonly listeners = new Set<() => void>();

  /** @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  protected changed(): void {
    for (const listener of this.listeners) listener();
  }
}
