import type { Answer } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { errorText } from '../../app/hub-answer.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import { answeredCount } from './import-count.ts';
import { orderIdOf } from './import-id.ts';
import type { ColumnChoice, ColumnMapping, SourceFile } from './import-mapping.ts';
import type { TableRow } from './import-rows.ts';
import type { Sheet } from './import-sheet.ts';
import { asTable } from './pasted-text.ts';

/** A row that the hub has refused, and why. */
export interface RefusedRow {
  readonly row: TableRow;
  readonly why: string;
}

interface Progress {
  readonly name: string;
  readonly total: number;
  /** Orders recorded by this import. */
  readonly placed: number;
  /** Orders recorded before, by an earlier import of the same rows. */
  readonly known: number;
  readonly refused: readonly RefusedRow[];
}

/**
 *     choose ──file──▶ columns ──▶ preview ──send──▶ sending ──▶ done
 *        ▲ ▲              ▲ (only if the columns are not clear)
 *        │ │              └──change──┘│                 │ stop     │
 *        │ └──────other file──────────┘                 │          │
 *        └──────────────────────────────────────────────┴──────────┘
 */
export type ImportState =
  | { readonly kind: 'choose'; readonly problem?: string }
  | ({ readonly kind: 'columns' } & SourceFile & ColumnChoice)
  | ({
      readonly kind: 'preview';
      readonly good: readonly TableRow[];
      readonly bad: readonly TableRow[];
      /** Number of other columns, and whether they are kept; undefined for our own tables. */
      readonly others: { readonly count: number; readonly areKept: boolean } | undefined;
    } & SourceFile)
  | ({ readonly kind: 'sending' } & Progress)
  | ({ readonly kind: 'done'; readonly wasStopped: boolean } & Progress);

export interface ImportParts {
  /** Sends an order, and resolves with the hub's final answer. */
  readonly place: (order: Order) => Promise<Answer>;
  /** The store's latest known seq. */
  readonly seq: () => number;
}

const fileMegabytesMax = 8;
/** Orders in flight, so that an order typed meanwhile does not wait for the whole file. */
const batch = 100;
/** Attempts to make an id that no other order has. */
const idTries = 5;

/** Loaded on demand: most days nobody imports anything. */
const loadReader = () => Promise.all([import('./import-sheet.ts'), import('./import-mapping.ts')]);
type ReaderModules = Awaited<ReturnType<typeof loadReader>>;

/** A file that was read and not sent yet. */
interface OpenedFile {
  readonly source: SourceFile;
  readonly reader: ReaderModules;
  readonly sheet: Sheet;
}

/**
 * The import of a file of orders. Nothing is sent before the user has seen a preview. Rows without an order id get one from
 * their content, so that a file can be sent again after an interruption without duplicate orders.
 */
export class OrderImport {
  readonly #store: string;
  readonly #parts: ImportParts;
  readonly #state: FrameStore<ImportState>;
  #now: ImportState = { kind: 'choose' };
  #opened: OpenedFile | undefined;
  #files = 0;
  #isStopped = false;

  constructor(store: string, parts: ImportParts) {
    this.#store = store;
    this.#parts = parts;
    this.#state = new FrameStore(() => this.#now);
  }

  get state(): Readable<ImportState> {
    return this.#state;
  }

  /** Reads a file, then shows the preview or asks for the columns. Never rejects. */
  async read(file: File): Promise<void> {
    if (this.#now.kind === 'sending') return;
    try {
      if (file.size > fileMegabytesMax * 1024 * 1024)
        throw new Error(words().file.tooLarge(fileMegabytesMax));
      const [reader, bytes] = await Promise.all([requireReader(), file.arrayBuffer()]);
      const sheet = await reader[0].sheetOf(new Uint8Array(bytes));
      this.#files += 1;
      this.#opened = { source: { name: file.name, place: this.#files }, reader, sheet };
      if (sheet.kind === 'own' || sheet.guess.isSure) await this.#preview(undefined);
      else this.#choose(sheet.guess.mapping);
    } catch (error) {
      this.#become({ kind: 'choose', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @returns the cells of a pasted text, row by row; split at tabs if they cannot be parsed. Never rejects */
  async rowsOf(text: string): Promise<readonly (readonly string[])[]> {
    try {
      const [{ cellsOf }] = await requireReader();
      return await cellsOf(asTable(text));
    } catch {
      // The reader could not be loaded, or a quotation mark is not closed.
      return [text.split('\t')];
    }
  }

  /** Opens the assignment of columns. */
  changeColumns(): void {
    if (this.#now.kind === 'preview' && this.#opened?.sheet.kind === 'foreign') {
      this.#choose(this.#opened.sheet.guess.mapping);
    }
  }

  /** Changes the assignment of columns. */
  map(mapping: ColumnMapping): void {
    if (this.#now.kind === 'columns') this.#choose(mapping);
  }

  /** Confirms the columns and remembers them for files with the same headings. */
  async takeColumns(): Promise<void> {
    if (this.#now.kind !== 'columns' || !this.#opened) return;
    const { headings, mapping } = this.#now;
    const [, { isComplete: isChosen, rememberMapping: remember }] = this.#opened.reader;
    if (!isChosen(mapping)) return;
    remember(headings, mapping);
    await this.#preview(mapping);
  }

  /** Sends the rows without faults. Resolves when all are answered, or after `stop`. */
  async send(): Promise<void> {
    if (this.#now.kind !== 'preview') return;
    const { name, good } = this.#now;
    this.#isStopped = false;
    const before = this.#parts.seq();
    let progress: Progress = { name, total: good.length, placed: 0, known: 0, refused: [] };
    for (let from = 0; from < good.length && !this.#isStopped; from += batch) {
      this.#become({ kind: 'sending', ...progress });
      const rows = good.slice(from, from + batch);
      const answers = await Promise.all(rows.map((row) => this.#place(row)));
      progress = withAnswers(progress, rows, answers, before);
    }
    this.#become({ kind: 'done', wasStopped: answeredCount(progress) < good.length, ...progress });
  }

  /** Stops after the current batch. The rest can be sent by importing the file again. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Returns to the choice of a file. */
  restart(): void {
    if (this.#now.kind === 'sending') return;
    this.#opened = undefined;
    this.#become({ kind: 'choose' });
  }

  /** Safe to call twice. */
  close(): void {
    this.stop();
    this.#state.close();
  }

  /**
   * Places an order. If another order has its made id, tries the next id of the same row. The sequence of ids is fixed, so
   * the same file finds its own orders again.
   */
  async #place({ order, idSeed }: TableRow): Promise<Answer> {
    let answer = await this.#parts.place(order);
    for (let attempt = 1; attempt < idTries && idSeed !== undefined; attempt += 1) {
      if (answer.ok || answer.error.code !== 'conflict') break;
      answer = await this.#parts.place({ ...order, orderID: orderIdOf(idSeed, attempt) });
    }
    return answer;
  }

  #choose(mapping: ColumnMapping): void {
    if (this.#opened?.sheet.kind !== 'foreign') return;
    const { source, reader, sheet } = this.#opened;
    const [{ mayBeBare, samplesOf }, { othersOf }] = reader;
    this.#opened = { source, reader, sheet: { ...sheet, guess: { mapping, isSure: true } } };
    this.#become({
      kind: 'columns',
      ...source,
      headings: sheet.headings,
      mapping,
      samples: samplesOf(sheet, mapping),
      others: othersOf(sheet.headings, mapping).length,
      mayBeBare: mayBeBare(sheet),
    });
  }

  async #preview(mapping: ColumnMapping | undefined): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    const { source, sheet, reader } = opened;
    const rows = await reader[0].rowsIn(sheet, mapping, this.#store);
    // The user has chosen another file meanwhile.
    if (this.#opened !== opened) return;
    const isGood = ({ problems }: TableRow) => problems.length === 0;
    const [good, bad] = [rows.filter(isGood), rows.filter((row) => !isGood(row))];
    this.#become({ kind: 'preview', ...source, good, bad, others: othersIn(opened, mapping) });
  }

  #become(state: ImportState): void {
    this.#now = state;
    this.#state.touch();
  }
}

/** @throws Error in words for a person */
async function requireReader(): Promise<ReaderModules> {
  try {
    return await loadReader();
  } catch (cause) {
    throw new Error(words().file.noReader, { cause });
  }
}

function othersIn({ sheet, reader: [, { othersOf }] }: OpenedFile, mapping: ColumnMapping | undefined) {
  if (sheet.kind === 'own') return undefined;
  const chosen = mapping ?? sheet.guess.mapping;
  return { count: othersOf(sheet.headings, chosen).length, areKept: chosen.keepsOthers };
}

/** @returns the result of an import in sentences */
export function resultOf({ placed, known, refused }: Progress): string {
  const { progress } = words();
  const sentences = [progress.placed(placed)];
  if (known > 0) sentences.push(progress.known(known));
  if (refused.length > 0) sentences.push(progress.refused(refused.length));
  return sentences.join(' ');
}

/** @param before the store's seq at the start: a duplicate after it is this file's own, whose answer was lost */
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
    if (!answer?.ok) refused.push({ row, why: answer ? errorText(answer.error) : '' });
    else if (answer.duplicate && answer.seq <= before) known += 1;
    else placed += 1;
  });
  return { ...progress, placed, known, refused };
}
