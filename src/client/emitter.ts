/** Tells listeners. One that throws stops neither the others nor the teller: its error is the page's, uncaught. */
export class Emitter<Events extends object> {
  #listeners: { [Type in keyof Events]?: Set<(value: Events[Type]) => void> } = {};

  /** @returns the function that ends it */
  on<Type extends keyof Events>(type: Type, listener: (value: Events[Type]) => void): () => void {
    const listeners: Set<(value: Events[Type]) => void> = (this.#listeners[type] ??= new Set());
    // A function of its own: the same listener may be added twice, and ends once each.
    const own = (value: Events[Type]): void => listener(value);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  emit<Type extends keyof Events>(type: Type, value: Events[Type]): void {
    for (const listener of [...(this.#listeners[type] ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
