/** A made-up customer. */
export interface Sample {
  readonly customer: string;
  readonly address: string;
}

/** Makes up orders. The worker is loaded on demand. */
export class Samples {
  #worker: Worker | undefined;
  /** Pending requests; answers arrive in the same order. */
  #waiting: { give: (sample: Sample) => void; fail: (error: Error) => void }[] = [];

  /** Rejects if the worker cannot be loaded; a later call tries again. */
  next(): Promise<Sample> {
    this.#worker ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<Sample>();
    this.#waiting.push({ give: resolve, fail: reject });
    this.#worker.postMessage('next');
    return promise;
  }

  /** Pending requests are never answered. Safe to call twice. */
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
