/** For tests: the index as it is, in the hub's own turn and time instead of a thread's. */

import { join } from 'node:path';
import type { Clock } from '../../server/clock.ts';
import { Searcher, type SearchLimits } from '../../server/store/search/searcher.ts';
import type { Asked, SearchIndex, Sought } from '../../server/store/store.ts';

/** What comes within this time is indexed together, as by the thread. */
const nudgeMs = 100;

export interface InlineSearchOptions {
  /** Of the log, which is open there. */
  readonly folder: string;
  readonly epoch: string;
  readonly clock: Clock & { wait(ms: number): Promise<void> };
  readonly limits: SearchLimits;
  /** Logs below this have no index. */
  readonly recordsMin: number;
}

export class InlineSearch implements SearchIndex {
  readonly #options: InlineSearchOptions;
  #searcher: Searcher | undefined;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: InlineSearchOptions) {
    this.#options = options;
  }

  grew(seq: number): void {
    const { clock, recordsMin } = this.#options;
    if (this.#isClosed || this.#cancel || (!this.#searcher && seq < recordsMin)) return;
    this.#cancel = clock.after(nudgeMs, () => {
      this.#cancel = undefined;
      this.#searcher ??= this.#open();
      void this.#searcher.index();
    });
  }

  #open(): Searcher {
    const { folder, epoch, clock, limits } = this.#options;
    const [log, index] = [join(folder, 'caps.sqlite'), join(folder, 'caps-search.sqlite')];
    const rests = {
      pause: (ms: number) => clock.wait(ms),
      turn: () => new Promise<void>((resolve) => clock.soon(resolve)),
    };
    const onDamaged = (seq: number) => {
      throw new Error(`record ${seq} is damaged`);
    };
    return new Searcher({ log, epoch, index, fresh: false }, onDamaged, rests, limits);
  }

  async find(asked: Asked): Promise<Sought | undefined> {
    try {
      return this.#isClosed ? undefined : await this.#searcher?.find(asked);
    } catch (error) {
      // As from a thread that was stopped meanwhile: no answer.
      if (this.#isClosed) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel?.();
    this.#searcher?.close();
  }
}
