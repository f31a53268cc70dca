/** What a made-up customer orders with. */
export interface Sample {
  readonly customer: string;
  readonly address: string;
}

/** Made-up orders. Nothing is loaded before the first one is wanted. */
export class Samples {
  #worker: Worker | undefined;
  /** Answers come in the order of the questions. */
  #waiting: { give: (sample: Sample) => void; fail: (error: Error) => void }[] = [];

  /** Rejects where the worker cannot be loaded; a later call tries anew. */
  next(): Promise<Sample> {
    this.#worker ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<Sample>();
    this.#waiting.push({ give: resolve, fail: reject });
    this.#worker.postMessage('next');
    return promise;
  }

  /** Samples that were still asked for do not come any more. Safe to call twice. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting = [];
  }

  #start(): Worker {
    const worker = new Worker(new URL('./sampler.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Sample>) => this.#waiting.shift()?.give(data));
    worker.addEventListener('error', () => {
      const waiting = this.#waiting;
      this.close();
      for (const { fail } of waiting) fail(new Error('The sample orders could not be loaded.'));
    });
    return worker;
  }
}
