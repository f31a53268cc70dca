/**
 * The one search grammar: words, and `event: store: driver: via: order:` terms; `-` before either excludes;
 * `"…"` keeps spaces together. All terms must hold.
 */

import type { By, CapsRecord } from './messages.ts';

export const searchFields = ['event', 'store', 'driver', 'via', 'order'] as const;
export type SearchField = (typeof searchFields)[number];

export interface Term {
  /** Undefined: any text of the record. */
  readonly field?: SearchField | undefined;
  /** Lower case. */
  readonly value: string;
  readonly exclude: boolean;
}

const token = /(-?)(?:(event|store|driver|via|order):)?(?:"([^"]*)"|(\S+))/giu;

/** Never fails: what is no term is a word. */
export function parseSearch(text: string): Term[] {
  const terms: Term[] = [];
  for (const [, minus, field, quoted, bare] of text.matchAll(token)) {
    const value = (quoted ?? bare ?? '').toLowerCase();
    if (value === '') continue;
    const known = searchFields.find((name) => name === field?.toLowerCase());
    terms.push({ ...(known ? { field: known } : {}), value, exclude: minus === '-' });
  }
  return terms;
}

/** Whether a record answers to all terms. */
export function matches(record: CapsRecord, terms: readonly Term[]): boolean {
  let text: string | undefined;
  const textOnce = () => {
    text ??= textOf(record);
    return text;
  };
  return terms.every((term) => holds(record, term, textOnce) !== term.exclude);
}

function holds(record: CapsRecord, { field, value }: Term, text: () => string): boolean {
  switch (field) {
    case 'event':
      return record.event === value || record.status === value;
    case 'store':
      return record.payload.store.toLowerCase() === value;
    case 'driver':
      return driverOf(record)?.some((name) => name.toLowerCase() === value) ?? false;
    case 'via':
      return record.via === value;
    case 'order':
      return record.payload.orderID.toLowerCase() === value;
    case undefined:
      return text().includes(value);
  }
}

function driverOf({
  by,
  details,
}: {
  by: By;
  details?: Record<string, unknown> | undefined;
}): string[] | undefined {
  const named = details?.['driver'];
  const name = details?.['name'];
  if (typeof named === 'string') return [named, ...(typeof name === 'string' ? [name] : [])];
  return by.role === 'driver' ? [by.id, ...(by.name ? [by.name] : [])] : undefined;
}

/** All that words are looked for in, in lower case; no word is found across the border of two texts. */
function textOf(record: CapsRecord): string {
  const { event, payload, by, details } = record;
  const own = [...Object.values(payload), ...Object.values(details ?? {})].filter(
    (value) => typeof value === 'string',
  );
  return [event, by.id, by.name ?? '', ...own].join('\u0000').toLowerCase();
}
