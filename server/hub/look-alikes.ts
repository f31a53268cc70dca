/**
 * Tells dispatch when a new id reads like an existing one: `rеd`, with a Cyrillic letter, beside `red`. Both are
 * allowed. An id is checked once for as long as it is remembered; earlier ids come from the newest part of the log.
 */

import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { Store } from '../store/store.ts';
import { skeletonOf } from './skeleton.ts';

export type IdKind = 'store' | 'driver';

/** Ids remembered per kind; the oldest go first. */
const knownMax = 10_000;
/** Ids with one look that are reported; further ones are not. */
const alikeMax = 4;
/** The newest records, read at the start. */
const recordsMax = 10_000;
/** Rows per turn. */
const pageRows = 100;

export class LookAlikes {
  readonly #tell: (words: string) => void;
  readonly #known: Readonly<Record<IdKind, IdCache>> = { store: new IdCache(), driver: new IdCache() };
  #isClosed = false;
  /** Ids seen before the log was read; undefined from then on. */
  #early: [kind: IdKind, id: string][] | undefined = [];

  /** @param tell called once per pair */
  constructor(tell: (words: string) => void) {
    this.#tell = tell;
  }

  /** Learns the ids in the log, one page per turn. Call it once. */
  async fillFrom(store: Pick<Store, 'head' | 'read'>, clock: Clock): Promise<void> {
    try {
      const { seq } = await store.head();
      const last = Math.max(0, seq - recordsMax);
      for (let before = seq + 1; before > last + 1 && !this.#isClosed; before -= pageRows) {
        const { rows } = await store.read({ kind: 'all' }, { before, limit: pageRows });
        for (const row of rows) this.#remember(row);
        await new Promise<void>((resolve) => clock.soon(resolve));
      }
    } catch (error) {
      if (!this.#isClosed) throw error;
    } finally {
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const [kind, id] of early) this.seen(kind, id);
    }
  }

  /** The log is about to close. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
  }

  #remember({ store, drivers }: Row): void {
    this.#known.store.add(store);
    for (const driver of drivers) this.#known.driver.add(driver);
  }

  /** Checks an id. Costs one lookup if it is known. */
  seen(kind: IdKind, id: string): void {
    const known = this.#known[kind];
    if (known.has(id)) return;
    if (this.#early) {
      if (this.#early.length < knownMax) this.#early.push([kind, id]);
      return;
    }
    for (const other of known.add(id)) {
      this.#tell(`The ${kind} “${id}” (${spelt(id)}) looks like the ${kind} “${other}” (${spelt(other)}).`);
    }
  }
}

class IdCache {
  /** Each id's skeleton. */
  readonly #looks = new Map<string, string>();
  readonly #byLook = new Map<string, string[]>();

  has(id: string): boolean {
    return this.#looks.has(id);
  }

  /** @returns ids that look the same; none if the id was known */
  add(id: string): readonly string[] {
    if (this.#looks.has(id)) return [];
    for (const oldest of this.#looks.keys()) {
      if (this.#looks.size < knownMax) break;
      this.#forget(oldest);
    }
    const look = skeletonOf(id);
    const alike = this.#byLook.get(look) ?? [];
    this.#looks.set(id, look);
    if (alike.length < alikeMax) this.#byLook.set(look, [...alike, id]);
    return alike.length < alikeMax ? alike : [];
  }

  #forget(id: string): void {
    const look = this.#looks.get(id) ?? '';
    this.#looks.delete(id);
    const left = this.#byLook.get(look)?.filter((other) => other !== id) ?? [];
    if (left.length > 0) this.#byLook.set(look, left);
    else this.#byLook.delete(look);
  }
}

/** Spells out characters beyond ASCII: `r U+0435 d`. */
function spelt(id: string): string {
  const signs = [...id.matchAll(/[!-~]+|\P{ASCII}|./gsu)].map(([sign]) => {
    const code = sign.codePointAt(0) ?? 0;
    return code > 0x20 && code < 0x7f ? sign : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return signs.join(' ');
}
