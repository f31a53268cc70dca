/**
 * Gives parcels to drivers, several at once. For a while, all of it can be taken back, and whoever is overruled by another
 * dispatcher learns of it.
 */

import type { Client } from '../../../client/client.ts';
import { isHeld } from '../../../protocol/events.ts';
import type { Answer, CapsRecord } from '../../../protocol/messages.ts';
import { errorText } from '../../app/hub-answer.ts';
import { statusWord } from '../../app/life-words.ts';
import type { StepName } from '../../dispatch/parcel-steps.tsx';
import { boardWords } from '../../words/board.ts';
import { type BoardRow, keyOfParcel } from './board-rows.ts';

export interface ChosenDriver {
  readonly id: string;
  readonly name?: string | undefined;
}

/** A parcel that dispatch has chosen, to give it to a driver in the next moments. */
export interface ChosenParcel {
  readonly key: string;
  /** Whether a driver held it when dispatch chose it. */
  readonly wasHeld: boolean;
}

interface AssignedParcel {
  readonly row: BoardRow;
  /** The record that gave it to the driver. */
  readonly rev: number;
}

/** A parcel that did not go where it was to go. */
export interface LostParcel {
  readonly row: BoardRow;
  /** The winner took it after dispatch had chosen it, so it was left alone. */
  readonly isLeftOut: boolean;
  /** Who has it instead; undefined if `why` says it all. */
  readonly winner: string | undefined;
  readonly why: string;
}

/** The outcome of the latest assignment, or of a step of several parcels. */
export interface AssignmentOutcome {
  /** Undefined for a step. */
  readonly driver: ChosenDriver | undefined;
  /** Number of parcels that the hub has not answered for. */
  readonly pending: number;
  readonly assigned: readonly AssignedParcel[];
  readonly lost: readonly LostParcel[];
  /** `undone`: what was assigned has been taken back. */
  readonly state: 'undoable' | 'settled' | 'undone';
}

export const undoMs = 20_000;

type StepCommand =
  | { readonly event: StepName }
  | { readonly event: 'claimed' | 'reassigned'; readonly details: { driver: string; name?: string } };

interface AssignmentParts {
  readonly client: Pick<Client, 'command'>;
  /** The parcel as it is now. */
  readonly rowOf: (key: string) => BoardRow | undefined;
  readonly changed: () => void;
}

export class Assignments {
  readonly #parts: AssignmentParts;
  readonly #pending = new Set<string>();
  #outcome: AssignmentOutcome | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: AssignmentParts) {
    this.#parts = parts;
  }

  get outcome(): AssignmentOutcome | undefined {
    return this.#outcome;
  }

  /** Keys of parcels that the hub has not answered for. */
  get pending(): ReadonlySet<string> {
    return this.#pending;
  }

  /**
   * Resolves when the hub has answered for all of them. Parcels that the driver holds already stay as they are, and so do
   * those that a driver took after dispatch chose them: nobody has decided to take them away again.
   */
  async assign(parcels: readonly ChosenParcel[], driver: ChosenDriver): Promise<void> {
    const { free, taken } = this.look(parcels);
    const given = free.filter(({ view }) => view.holder?.id !== driver.id);
    const leftOut = taken.filter(({ view }) => view.holder?.id !== driver.id);
    if (given.length + leftOut.length === 0) return;
    clearTimeout(this.#timer);
    const lost = leftOut.map((row) => ({ row, isLeftOut: true, winner: holderName(row), why: '' }));
    this.#become({ driver, pending: given.length, assigned: [], lost, state: 'undoable' });
    for (const { key } of given) this.#pending.add(key);
    await Promise.all(given.map((row) => this.#assignOne(row, driver)));
    this.#timer = setTimeout(() => this.#settle(), undoMs);
  }

  /** Lets the same happen to several parcels. Resolves when the hub has answered for all of them. */
  async take(keys: Iterable<string>, event: StepName): Promise<void> {
    const rows = Array.from(keys, (key) => this.#parts.rowOf(key)).filter((row) => row !== undefined);
    if (rows.length === 0) return;
    clearTimeout(this.#timer);
    this.#become({ driver: undefined, pending: rows.length, assigned: [], lost: [], state: 'undoable' });
    for (const { key } of rows) this.#pending.add(key);
    await Promise.all(rows.map((row) => this.#sendOne(row, { event })));
    this.#timer = setTimeout(() => this.#settle(), undoMs);
  }

  /** The chosen parcels as they are now: those that can be given away, and those that a driver has taken meanwhile. */
  look(parcels: readonly ChosenParcel[]): { free: readonly BoardRow[]; taken: readonly BoardRow[] } {
    const free: BoardRow[] = [];
    const taken: BoardRow[] = [];
    for (const { key, wasHeld } of parcels) {
      const row = this.#parts.rowOf(key);
      if (row) (!wasHeld && isHeld(row.view.status) ? taken : free).push(row);
    }
    return { free, taken };
  }

  /** Takes back what was assigned. */
  async undo(): Promise<void> {
    const outcome = this.#outcome;
    if (outcome?.state !== 'undoable' || outcome.pending > 0) return;
    clearTimeout(this.#timer);
    const { assigned } = outcome;
    this.#become({ ...outcome, state: 'undone', pending: assigned.length });
    await Promise.all(assigned.map((one) => this.#undoOne(one)));
    this.#timer = setTimeout(() => this.#settle(), undoMs);
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.#become(undefined);
  }

  /** Another dispatcher may have given one of these parcels to somebody else. */
  recordsCame(records: readonly CapsRecord[]): void {
    const outcome = this.#outcome;
    if (outcome?.state !== 'undoable') return;
    for (const record of records) {
      const key = keyOfParcel(record.payload);
      const mine = outcome.assigned.find(({ row, rev }) => row.key === key && record.rev > rev);
      const { holder, by } = record;
      if (!mine || this.#pending.has(key) || by.role !== 'admin') continue;
      if (!holder || !outcome.driver || holder.id === outcome.driver.id) continue;
      this.#lose(mine.row, holder.name ?? holder.id, '');
    }
  }

  /** Safe to call twice. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #assignOne(row: BoardRow, { id, name }: ChosenDriver): Promise<void> {
    const details = { driver: id, ...(name !== undefined && name !== id && { name }) };
    return this.#sendOne(row, { event: isHeld(row.view.status) ? 'reassigned' : 'claimed', details });
  }

  async #sendOne(row: BoardRow, step: StepCommand): Promise<void> {
    const { store, orderID } = row.view.payload;
    const answer = await this.#parts.client.command({ ...step, payload: { store, orderID } });
    this.#pending.delete(row.key);
    const outcome = this.#outcome;
    if (!outcome) return;
    if (answer.ok) {
      const assigned = [...outcome.assigned, { row, rev: answer.rev }];
      this.#become({ ...outcome, assigned, pending: outcome.pending - 1 });
      return;
    }
    this.#become({ ...outcome, pending: outcome.pending - 1 });
    this.#lose(row, outcome.driver && this.#winnerOf(row, answer), errorText(answer.error));
  }

  async #undoOne({ row, rev }: AssignedParcel): Promise<void> {
    const { store, orderID } = row.view.payload;
    const answer = await this.#parts.client.command({
      event: 'corrected',
      payload: { store, orderID },
      details: { rev },
    });
    const outcome = this.#outcome;
    if (!outcome) return;
    this.#become({ ...outcome, pending: outcome.pending - 1 });
    if (!answer.ok) this.#lose(row, undefined, this.#whyKept(row, answer));
  }

  /** Why it cannot be taken back. The hub counts changes; dispatch wants to know where the parcel is. */
  #whyKept(row: BoardRow, { error }: Extract<Answer, { ok: false }>): string {
    if (error.code !== 'wrong-status') return errorText(error);
    const now = this.#parts.rowOf(row.key);
    const words = boardWords().outcome;
    return now ? words.movedOn(statusWord(now.view.status)) : words.finished;
  }

  /** Who was faster. The hub says that the step does not fit; the parcel itself says whose it is. */
  #winnerOf(row: BoardRow, answer: Extract<Answer, { ok: false }>): string | undefined {
    const { code } = answer.error;
    if (code !== 'wrong-status' && code !== 'taken') return undefined;
    const now = this.#parts.rowOf(row.key);
    return now && holderName(now);
  }

  #lose(row: BoardRow, winner: string | undefined, why: string): void {
    const outcome = this.#outcome;
    if (!outcome) return;
    const assigned = outcome.assigned.filter((one) => one.row.key !== row.key);
    this.#become({ ...outcome, assigned, lost: [...outcome.lost, { row, isLeftOut: false, winner, why }] });
  }

  #settle(): void {
    const outcome = this.#outcome;
    // What went wrong stays until somebody has read it.
    this.#become(outcome && outcome.lost.length > 0 ? { ...outcome, state: 'settled' } : undefined);
  }

  #become(outcome: AssignmentOutcome | undefined): void {
    this.#outcome = outcome;
    this.#parts.changed();
  }
}

function holderName({ view: { holder } }: BoardRow): string | undefined {
  return holder && (holder.name ?? holder.id);
}
