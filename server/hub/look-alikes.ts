/**
 * Finds out when somebody new is called by what reads as another's id: `rеd`, with a letter of Cyrillic, beside `red`.
 * Both are allowed, and dispatch is told. An id is looked at the first time that it is seen, and never again while it
 * is kept in mind. Who was there before this hub began is known from the newest part of the log.
 */

import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { Store } from '../store/store.ts';
import { skeletonOf } from './skeleton.ts';

export type Named = 'store' | 'driver';

/** Of each kind, so many are kept in mind, the latest. */
const knownMax = 10_000;
/** That look the same: of one more, nobody needs to be told. */
const alikeMax = 4;
/** The newest records, which are looked through at the start. */
const recordsMax = 10_000;
/** In one turn of the hub. */
const pageRows = 100;

export class LookAlikes {
  readonly #tell: (words: string) => void;
  readonly #known: Readonly<Record<Named, KnownIds>> = { store: new KnownIds(), driver: new KnownIds() };
  #isClosed = false;
  /** Who was seen while it was not known yet who was there before; undefined from then on. */
  #early: [kind: Named, id: string][] | undefined = [];

  /** @param tell told of each pair once */
  constructor(tell: (words: string) => void) {
    this.#tell = tell;
  }

  /** To be called once. Resolves when it is known who is in the log, a page of which is read in each turn. */
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

  /** The log is about to be closed. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
  }

  #remember({ store, drivers }: Row): void {
    this.#known.store.add(store);
    for (const driver of drivers) this.#known.driver.add(driver);
  }

  /** Somebody is here by this id. Costs a look-up where they were seen before. */
  seen(kind: Named, id: string): void {
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

class KnownIds {
  /** By id, how it looks. */
  readonly #looks = new Map<string, string>();
  readonly #byLook = new Map<string, string[]>();

  has(id: string): boolean {
    return this.#looks.has(id);
  }

  /** @returns those that look the same; none where it was known already */
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

/** Letter by letter, those beyond ASCII by number: `r U+0435 d`. */
function spelt(id: string): string {
  const signs = [...id.matchAll(/[!-~]+|\P{ASCII}|./gsu)].map(([sign]) => {
    const code = sign.codePointAt(0) ?? 0;
    return code > 0x20 && code < 0x7f ? sign : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return signs.join(' ');
}
