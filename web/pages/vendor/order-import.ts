import type { Answer, Order } from '../../../protocol/messages.ts';
import { FrameStore, type Readable } from '../../frame-store.ts';
import { counted } from '../../numbers.ts';
import { ordersIn, type TableRow } from './order-table.ts';
import { decodeText } from './read-csv.ts';

/** What could not be recorded, and why. */
export interface Refused {
  readonly row: TableRow;
  readonly why: string;
}

interface Progress {
  readonly name: string;
  readonly total: number;
  /** Recorded now. */
  readonly placed: number;
  /** Recorded before, by an earlier import of the same. */
  readonly known: number;
  readonly refused: readonly Refused[];
}

/**
 *     choose ──file──▶ preview ──send──▶ sending ──▶ done
 *        ▲ ▲──────other file──┘            │ stop     │
 *        └─────────────────────────────────┴──────────┘
 */
export type ImportState =
  | { readonly kind: 'choose'; readonly problem?: string }
  | {
      readonly kind: 'preview';
      readonly name: string;
      readonly good: readonly TableRow[];
      readonly bad: readonly TableRow[];
    }
  | ({ readonly kind: 'sending' } & Progress)
  | ({ readonly kind: 'done'; readonly wasStopped: boolean } & Progress);

interface ImportParts {
  /** Sends an order, and resolves with the hub's final answer. */
  readonly place: (order: Order) => Promise<Answer>;
  /** The store's seq now, as far as it is known. */
  readonly seq: () => number;
}

const fileBytesMax = 8 * 1024 * 1024;
/** So many are on their way at a time: what is typed meanwhile does not wait behind all of them. */
const batch = 100;

/**
 * A file of orders on its way to the hub. Nothing is sent before somebody has seen what is in it. Each row has its
 * order's id, or gets one from what it says: a file that broke off half-way, or comes again, is no second order.
 */
export class OrderImport {
  readonly #store: string;
  readonly #parts: ImportParts;
  readonly #state: FrameStore<ImportState>;
  #now: ImportState = { kind: 'choose' };
  #isStopped = false;

  constructor(store: string, parts: ImportParts) {
    this.#store = store;
    this.#parts = parts;
    this.#state = new FrameStore(() => this.#now);
  }

  get state(): Readable<ImportState> {
    return this.#state;
  }

  /** Reads a file, and shows what would be sent. Never rejects. */
  async read(file: File): Promise<void> {
    if (this.#now.kind === 'sending') return;
    try {
      if (file.size > fileBytesMax) throw new Error('This file is larger than 8 MB; split it.');
      const rows = ordersIn(decodeText(new Uint8Array(await file.arrayBuffer())), this.#store);
      const isGood = ({ problems }: TableRow) => problems.length === 0;
      this.#become({
        kind: 'preview',
        name: file.name,
        good: rows.filter(isGood),
        bad: rows.filter((row) => !isGood(row)),
      });
    } catch (error) {
      this.#become({ kind: 'choose', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Sends the rows that have no fault. Resolves when all are answered or it was stopped. */
  async send(): Promise<void> {
    if (this.#now.kind !== 'preview') return;
    const { name, good } = this.#now;
    this.#isStopped = false;
    const before = this.#parts.seq();
    let progress: Progress = { name, total: good.length, placed: 0, known: 0, refused: [] };
    for (let from = 0; from < good.length && !this.#isStopped; from += batch) {
      this.#become({ kind: 'sending', ...progress });
      const rows = good.slice(from, from + batch);
      const answers = await Promise.all(rows.map(({ order }) => this.#parts.place(order)));
      progress = withAnswers(progress, rows, answers, before);
    }
    this.#become({ kind: 'done', wasStopped: doneOf(progress) < good.length, ...progress });
  }

  /** What is on its way still arrives; the rest waits until the file is sent again. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Back to choosing a file. */
  restart(): void {
    if (this.#now.kind !== 'sending') this.#become({ kind: 'choose' });
  }

  /** Safe to call twice. */
  close(): void {
    this.stop();
    this.#state.close();
  }

  #become(state: ImportState): void {
    this.#now = state;
    this.#state.touch();
  }
}

export function doneOf({ placed, known, refused }: Progress): number {
  return placed + known + refused.length;
}

/** What came of a file, in one sentence or two. */
export function resultOf({ placed, known, refused }: Progress): string {
  const sentences = [counted(placed, { one: '# order was placed.', other: '# orders were placed.' })];
  if (known > 0)
    sentences.push(counted(known, { one: '# was there already.', other: '# were there already.' }));
  if (refused.length > 0)
    sentences.push(counted(refused.length, { one: '# was refused.', other: '# were refused.' }));
  return sentences.join(' ');
}

/** @param before the seq at the start: what is past it came of this file, also where its answer was lost once */
function withAnswers(
  progress: Progress,
  rows: readonly TableRow[],
  answers: readonly Answer[],
  before: number,
): Progress {
  let { placed, known } = progress;
  const refused = [...progress.refused];
  rows.forEach((row, i) => {
    const answer = answers[i];
    if (!answer?.ok) refused.push({ row, why: answer?.error.message ?? '' });
    else if (answer.duplicate && answer.seq <= before) known += 1;
    else placed += 1;
  });
  return { ...progress, placed, known, refused };
}
