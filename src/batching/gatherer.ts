/**
 * Turns many single look-ups into few: calls that come in one turn of the event loop, or while the last
 * look-up is under way, share the next one. No timer, so a lone call is not delayed.
 *
 * @typeParam I what one call asks for
 * @typeParam O what it gets
 */
export class Gatherer<I, O> {
  private waiting: Call<I, O>[] = [];
  private running = false;

  /**
   * @param run answers a batch, in the order of its inputs; a rejection rejects every call of the batch
   * @param maxBatch most inputs of one `run`
   */
  constructor(
    private readonly run: (inputs: readonly I[]) => Promise<readonly O[]>,
    private readonly maxBatch = 500,
  ) {}

  load(input: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      if (!this.running) {
        this.running = true;
        setImmediate(() => void this.drain());
      }
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.maxBatch);
      try {
        const outputs = await this.run(batch.map((call) => call.input));
        batch.forEach((call, i) => call.resolve(outputs[i] as O));
      } catch (error) {
        for (const call of batch) call.reject(error);
      }
    }
    this.running = false;
  }
}

interface Call<I, O> {
  input: I;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}
