import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { loadWords } from '../../words/spoken.ts';
import type { ImportParts, ImportState, OrderImport } from './order-import.ts';

/** Holds a shop's import, whose code is loaded on demand: most days nobody imports anything. */
export class ImportSlot {
  readonly #store: string;
  readonly #parts: ImportParts;
  readonly #state: FrameStore<ImportState>;
  #orders: OrderImport | undefined;
  #isClosed = false;

  constructor(store: string, parts: ImportParts) {
    this.#store = store;
    this.#parts = parts;
    this.#state = new FrameStore(() => this.#orders?.state.get() ?? { kind: 'choose' });
  }

  get state(): Readable<ImportState> {
    return this.#state;
  }

  /** @returns the import, the same object each time. Rejects if it cannot be loaded */
  async open(): Promise<OrderImport> {
    const code = await import('./order-import.ts');
    await loadWords();
    if (!this.#orders) {
      this.#orders = new code.OrderImport(this.#store, this.#parts);
      this.#orders.state.subscribe(() => this.#state.touch());
      if (this.#isClosed) this.#orders.close();
    }
    return this.#orders;
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#orders?.close();
    this.#state.close();
  }
}
