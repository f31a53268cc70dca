import type { Answer } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { errorText } from '../../app/hub-answer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { asTable } from '../../app/pasted-text.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import { answeredCount } from './import-count.ts';
import { orderIdOf } from './import-id.ts';
import { fileMegabytesMax } from './import-limits.ts';
import type { ColumnChoice, ColumnMapping, SourceFile } from './import-mapping.ts';
import { ImportNote } from './import-note.ts';
import type { TableRow } from './import-rows.ts';
import type { Sheet, SheetChoice } from './import-sheet.ts';

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
  | ({ readonly kind: 'columns'; readonly workbook: SheetChoice | undefined } & SourceFile & ColumnChoice)
  | ({
      readonly kind: 'preview';
      readonly good: readonly TableRow[];
      readonly bad: readonly TableRow[];
      /** Number of other columns, and whether they are kept; undefined for our own tables. */
      readonly others: { readonly count: number; readonly areKept: boolean } | undefined;
      readonly workbook: SheetChoice | undefined;
    } & SourceFile)
  | ({ readonly kind: 'sending' } & Progress)
  | ({ readonly kind: 'done'; readonly wasStopped: boolean } & Progress);

export interface ImportParts {
  /** Sends an order, and resolves with the hub's final answer. */
  readonly place: (order: Order) => Promise<Answer>;
  /** The store's latest known seq. */
  readonly seq: () => number;
  /** The zone of times that say none. */
  readonly zone: () => string;
}

/** Orders in flight, so that an order typed meanwhile does not wait for the whole file. */
const batch = 100;
/** Attempts to make an id that no other order has. */
const idTries = 5;

/** Loaded on demand: most days nobody imports anything. */
const loadReader = () =>
  Promise.all([import('./import-sheet.ts'), import('./import-mapping.ts'), import('./bad-rows.ts')]);
type ReaderModules = Awaited<ReturnType<typeof loadReader>>;

/** A file that was read and not sent yet. */
interface OpenedFile {
  readonly source: SourceFile;
  readonly reader: ReaderModules;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sheet: Sheet;
  /** What was chosen last. */
  readonly mapping?: ColumnMapping | undefined;
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
  #isClosed = false;

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
      await this.#open(file.name, reader, new Uint8Array(bytes), undefined);
    } catch (error) {
      this.#become({ kind: 'choose', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Reads another sheet of the workbook. Never rejects. */
  async chooseSheet(at: number): Promise<void> {
    if (this.#now.kind === 'sending' || !this.#opened) return;
    const { source, reader, bytes } = this.#opened;
    try {
      await this.#open(source.name, reader, bytes, at);
    } catch (error) {
      this.#become({ kind: 'choose', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  async #open(
    name: string,
    reader: ReaderModules,
    bytes: Uint8Array<ArrayBuffer>,
    at: number | undefined,
  ): Promise<void> {
    const sheet = await reader[0].sheetOf({ bytes, store: this.#store, at });
    this.#files += 1;
    this.#opened = { source: { name, place: this.#files }, reader, bytes, sheet };
    if (sheet.kind === 'own' || sheet.guess.isSure) await this.#preview(undefined);
    else this.#choose(sheet.guess.mapping);
  }

  /** @returns the rows with errors, or those that the hub has refused, as a table; undefined if there are none */
  rowsToMend(): { readonly name: string; readonly table: string } | undefined {
    const now = this.#now;
    if (!this.#opened || (now.kind !== 'preview' && now.kind !== 'done')) return undefined;
    const rows =
      now.kind === 'preview'
        ? now.bad.map((row) => ({ row, problems: row.problems }))
        : now.refused.map(({ row, why }) => ({ row, problems: [why] }));
    if (rows.length === 0) return undefined;
    const { sheet, mapping, reader } = this.#opened;
    const isBare = sheet.kind === 'foreign' && (mapping ?? sheet.guess.mapping).isBare;
    const name = `${now.name.replace(/\.\w{1,5}$/, '')}-${words().mend.file}.csv`;
    return { name, table: reader[2].badRowsTable(sheet, rows, isBare) };
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
    const { headings, mapping, eitherDay } = this.#now;
    const [, { isComplete: isChosen, rememberMapping: remember }] = this.#opened.reader;
    if (!isChosen(mapping, eitherDay)) return;
    remember(this.#store, headings, mapping);
    await this.#preview(mapping);
  }

  /** Sends the rows without faults. Resolves when all are answered, or after `stop`. */
  async send(): Promise<void> {
    if (this.#now.kind !== 'preview') return;
    const { name, good } = this.#now;
    this.#isStopped = false;
    const before = this.#parts.seq();
    let progress: Progress = { name, total: good.length, placed: 0, known: 0, refused: [] };
    const note = new ImportNote(this.#store);
    for (let from = 0; from < good.length && !this.#isStopped; from += batch) {
      this.#become({ kind: 'sending', ...progress });
      note.write({ name, total: good.length, done: answeredCount(progress) });
      const rows = good.slice(from, from + batch);
      const answers = await Promise.all(rows.map((row) => this.#place(row)));
      progress = withAnswers(progress, rows, answers, before);
    }
    // The page that is closed in the middle leaves its note: the next one says what was not sent.
    if (!this.#isClosed) note.forget();
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
    this.#isClosed = true;
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
    const opened = this.#opened;
    if (opened?.sheet.kind !== 'foreign') return;
    const { source, reader, sheet } = opened;
    const [{ mayBeBare, samplesOf, eitherDayIn }, { othersOf }] = reader;
    this.#opened = { ...opened, sheet: { ...sheet, guess: { mapping, isSure: true } } };
    this.#become({
      kind: 'columns',
      ...source,
      headings: sheet.headings,
      mapping,
      samples: samplesOf(sheet, mapping),
      others: othersOf(sheet.headings, mapping).length,
      mayBeBare: mayBeBare(sheet),
      eitherDay: eitherDayIn(sheet, mapping),
      workbook: sheet.workbook,
    });
  }

  async #preview(mapping: ColumnMapping | undefined): Promise<void> {
    if (!this.#opened) return;
    const opened = { ...this.#opened, mapping };
    this.#opened = opened;
    const { source, sheet, reader } = opened;
    const purpose = { store: this.#store, zone: this.#parts.zone(), now: hubClock.now() };
    const rows = await reader[0].rowsIn(sheet, mapping, purpose);
    // The user has chosen another file meanwhile.
    if (this.#opened !== opened) return;
    const isGood = ({ problems }: TableRow) => problems.length === 0;
    const [good, bad] = [rows.filter(isGood), rows.filter((row) => !isGood(row))];
    const { workbook } = sheet;
    this.#become({ kind: 'preview', ...source, good, bad, others: othersIn(opened, mapping), workbook });
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
