import type { EventName } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage, QueryOf } from '../../../protocol/rest.ts';
import { readAs } from '../../app/access-key.ts';

/** The most that the hub gives at once. */
const pageSize = 500;
/** Lists that are read at a time: they are on one page, and others want to read, too. */
const atOnce = 2;

/** A time from the first moment to the last, both included, in milliseconds since 1970. */
export interface ReadRange {
  readonly from: number;
  /** Undefined: until now. */
  readonly to?: number | undefined;
}

interface ReadParts {
  /** Called with each page. */
  readonly take: (records: readonly CapsRecord[], damaged: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** For tests, in place of the hub. */
  readonly read?: PageReader;
}

export type PageReader = (
  query: QueryOf<'GET /api/events'>,
  signal: AbortSignal | undefined,
) => Promise<EventPage>;

/**
 * Reads all records of a store with these events. Each event is a list of its own, which the hub finds by its index, in
 * pages of 500: ten thousand deliveries are twenty requests, and what a day has none of is one.
 * @throws Error in words for a person; AbortError
 */
export async function readRecords(
  store: string,
  events: readonly EventName[],
  { from, to }: ReadRange,
  { take, signal, read = readPage }: ReadParts,
): Promise<void> {
  const moments = {
    from: new Date(from).toISOString(),
    to: to === undefined ? undefined : new Date(to).toISOString(),
  };
  const waiting = [...events];
  const readNext = async (): Promise<void> => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const query = { as: `store:${store}`, store, event, limit: String(pageSize), ...moments };
      let before: string | undefined;
      do {
        const { items, prev, damaged = [] }: EventPage = await read({ ...query, before }, signal);
        take(items, damaged.length);
        before = prev ?? undefined;
      } while (before !== undefined);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, readNext));
}

const readPage: PageReader = (query, signal) => readAs('vendor', 'GET /api/events', { query, signal });
