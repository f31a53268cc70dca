/** Builds pages of the log. */

import type { Row } from '../row.ts';
import type { Page, Range, Scope } from '../store.ts';

/** Rows in range order, each with the place that it claims. */
export type PlacedRows<T> = Iterable<readonly [place: number, row: T]>;

/**
 * A page of a scope without gaps: whatever is missing from its place is damaged, and reported so.
 * @param end the scope's last place
 * @param sound the row at a place; undefined if damaged or missing
 */
export function densePage<T>(
  range: Range,
  end: number,
  found: PlacedRows<T>,
  sound: (row: T | undefined, place: number) => Row | undefined,
): Omit<Page, 'head'> {
  const isUp = 'after' in range;
  const step = isUp ? 1 : -1;
  const { limit, sizeMax = Number.POSITIVE_INFINITY } = range;
  const rows: Row[] = [];
  const damaged: number[] = [];
  const isWithin = (place: number) => (isUp ? place <= end : place >= 1);
  let place = isUp ? Math.max(0, range.after) + 1 : Math.min(end, range.before - 1);
  const take = (row: T | undefined): number => {
    const taken = sound(row, place);
    if (taken) rows.push(taken);
    else damaged.push(place);
    place += step;
    return taken?.text.length ?? 0;
  };
  let size = 0;
  const isFull = () => !isWithin(place) || rows.length + damaged.length === limit || size >= sizeMax;
  for (const [at, row] of found) {
    while (!isFull() && (at - place) * step > 0) take(undefined);
    if (isFull()) break;
    // A row before its place has a damaged seq.
    if (at === place) size += take(row);
  }
  while (!isFull()) take(undefined);
  const more = isWithin(place);
  if (!isUp) for (const list of [rows, damaged]) list.reverse();
  return damaged.length === 0 ? { rows, more } : { rows, more, damaged };
}

/** The sound rows at these seqs, ascending, and the seqs of the others. */
export function rowsAmong(
  seqs: readonly number[],
  sound: (seq: number) => Row | undefined,
): Pick<Page, 'rows' | 'damaged'> {
  const found = seqs.toSorted((a, b) => a - b).map((seq) => [seq, sound(seq)] as const);
  const rows = found.flatMap(([, row]) => row ?? []);
  const damaged = found.flatMap(([seq, row]) => (row ? [] : [seq]));
  return damaged.length === 0 ? { rows } : { rows, damaged };
}

/** The row at each place of a page, ascending; undefined if damaged. */
export function standing(
  kind: Scope['kind'],
  { rows, damaged = [] }: Pick<Page, 'rows' | 'damaged'>,
): { place: number; row?: Row }[] {
  const sound = rows.map((row) => ({ place: placeIn(kind, row), row }));
  if (damaged.length === 0) return sound;
  return [...sound, ...damaged.map((place) => ({ place }))].sort((a, b) => a.place - b.place);
}

/** A record's place in its scope. */
export function placeIn(kind: Scope['kind'], { seq, storeSeq, rev }: Row): number {
  if (kind === 'all') return seq;
  return kind === 'store' ? storeSeq : rev;
}
