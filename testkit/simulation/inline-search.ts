/** The real index on the hub's own thread and clock, for tests. */

import { join } from 'node:path';
import type { Clock } from '../../server/clock.ts';
import { SqliteRecords } from '../../server/store/search/records.ts';
import { Searcher, type SearchLimits } from '../../server/store/search/searcher.ts';
import type { IndexHits, IndexQuery, SearchIndex } from '../../server/store/search-index.ts';

/** Records within this time are indexed together, as in the thread. */
const nudgeMs = 100;

export interface InlineSearchOptions {
  /** Folder of the log. */
  readonly folder: string;
  readonly epoch: string;
  readonly clock: Clock & { wait(ms: number): Promise<void> };
  readonly limits: SearchLimits;
  /** Smaller logs have no index. */
  readonly recordsMin: number;
}

export class InlineSearch implements SearchIndex {
  readonly #options: InlineSearchOptions;
  #searcher: Searcher | undefined;
  #cancel: (() => void) | undefined;
  #head = 0;
  #isClosed = false;

  constructor(options: InlineSearchOptions) {
    this.#options = options;
  }

  grew(seq: number): void {
    const { clock, recordsMin } = this.#options;
    this.#head = seq;
    if (this.#isClosed || this.#cancel || (!this.#searcher && seq < recordsMin)) return;
    this.#cancel = clock.after(nudgeMs, () => {
      this.#cancel = undefined;
      this.#searcher ??= this.#open();
      void this.#searcher.index(this.#head);
    });
  }

  #open(): Searcher {
    const { folder, epoch, clock, limits } = this.#options;
    const log = new SqliteRecords(join(folder, 'caps.sqlite'));
    const index = join(folder, 'caps-search.sqlite');
    const rests = {
      pause: (ms: number) => clock.wait(ms),
      turn: () => new Promise<void>((resolve) => clock.soon(resolve)),
    };
    const onDamaged = (seq: number) => {
      throw new Error(`record ${seq} is damaged`);
    };
    return new Searcher({ log, epoch, index, fresh: false }, onDamaged, rests, limits);
  }

  async find(asked: IndexQuery): Promise<IndexHits | undefined> {
    try {
      return this.#isClosed ? undefined : await this.#searcher?.find(asked);
    } catch (error) {
      // No answer, as from a thread that was stopped meanwhile.
      if (this.#isClosed) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel?.();
    await this.#searcher?.close();
  }
}
