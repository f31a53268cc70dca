/** Asks every REST route, with each of its filters and cursors, for data of others. */

import type { z } from 'zod';
import { eventNames, statuses } from '../protocol/events.ts';
import { routes } from '../server/doors/rest/api.ts';
import type { Route } from '../server/doors/rest/route.ts';
import { hashOfImage, jpeg } from '../testkit/images.ts';
import type { Party, Wiretap } from '../testkit/wiretap.ts';

interface ProbedParcel {
  readonly store: string;
  readonly orderID: string;
  /** What its images say: each is `jpeg(word)`. */
  readonly words: readonly string[];
}

/** Who asks, and for whose data. */
export interface RouteProbe {
  readonly url: string;
  readonly tap: Wiretap;
  readonly party: Party;
  /** `store:shop-1`, `driver:driver-1` */
  readonly as: string;
  readonly epoch: string;
  readonly own: ProbedParcel;
  readonly other: ProbedParcel & { readonly driver: string };
  /** A moment before all records. */
  readonly since: string;
}

/** The values to ask for, by field of the query. Other fields name the asker. */
function valuesFor(field: string, { epoch, own, other, since }: RouteProbe): readonly string[] {
  const places = ['0', '1', '7', '999999', `${epoch}.0`, `${epoch}.5`, `${epoch}.999999`, 'other.5', 'x'];
  switch (field) {
    case 'status':
      return statuses;
    case 'store':
      return [other.store, own.store];
    case 'driver':
      return [other.driver];
    case 'event':
      return ['pickup', 'note', 'delivered'];
    case 'via':
      return ['socket.io', 'rest'];
    case 'q':
      return [
        'cnry',
        'hands',
        `store:${other.store}`,
        `-store:${own.store}`,
        `driver:${other.driver}`,
        'order:1',
      ];
    case 'cursor':
    case 'after':
    case 'before':
      return places;
    case 'at':
    case 'from':
    case 'to':
      return [since, new Date().toISOString()];
    case 'total':
      return ['1'];
    case 'format':
      return ['ndjson', 'csv'];
    default:
      return [];
  }
}

/** @returns the number of requests */
export async function askEveryRoute(asked: RouteProbe): Promise<number> {
  let count = 0;
  const streams = new AbortController();
  for (const route of Object.values(routes) as Route[]) {
    const requests = route.method === 'get' ? readingsOf(route, asked) : writingsOf(route, asked);
    for (const address of requests) {
      const where = `${route.method} ${address}`;
      await hearAnswer(
        asked,
        where,
        fetch(address, route.method === 'get' ? {} : writingAt(route, address, asked)),
      );
      count += 1;
    }
    if (!route.stream) continue;
    // The streams stay open while the other requests run.
    for (const address of readingsOf(route, asked)) {
      void hearStream(asked, address, streams.signal);
      count += 1;
    }
  }
  streams.abort();
  return count;
}

/** Queries with one field each, and one without. */
function readingsOf({ path, query }: Route, asked: RouteProbe): string[] {
  const fields = Object.keys((query as z.ZodObject).shape);
  const most = fields.includes('limit') ? { limit: '500' } : {};
  const queries = fields.flatMap((field) => valuesFor(field, asked).map((value) => ({ [field]: value })));
  // The images of another parcel as the asker's own, too.
  const { own, other } = asked;
  const mixed = path.includes(':hash') ? other.words.map((word) => imagePath(path, word, own)) : [];
  return [{}, ...queries].flatMap((one) =>
    [...placesIn(path, asked), ...mixed].map((place) =>
      addressOf(asked, place, 'format' in one ? one : { ...most, ...one }),
    ),
  );
}

function writingsOf({ path }: Route, asked: RouteProbe): string[] {
  return placesIn(path, asked).map((place) => addressOf(asked, place, {}));
}

function placesIn(path: string, { other, own }: RouteProbe): string[] {
  const of = ({ store, orderID, words }: ProbedParcel) =>
    path.includes(':hash')
      ? words.map((word) => imagePath(path, word, { store, orderID }))
      : [path.replace(':store', store).replace(':orderID', orderID).replace(':id', orderID)];
  const all = () => [...of(other), ...of({ ...other, orderID: 'none' }), ...of(own)];
  const places = path.includes(':') ? all() : [path];
  const events = eventNames.filter((event) => event !== 'pickup');
  return places.flatMap((place) =>
    place.includes(':event') ? events.map((event) => place.replace(':event', event)) : [place],
  );
}

/** The address of an image that says this. */
export function imagePath(
  path: string,
  word: string,
  parcel: { readonly store: string; readonly orderID: string },
): string {
  const { store, orderID } = parcel;
  return `${path.replace(':hash', hashOfImage(jpeg(word)))}?${new URLSearchParams({ store, orderID })}`;
}

function addressOf({ url, as }: RouteProbe, path: string, query: Record<string, string>): string {
  const [place = '', fields = ''] = path.split('?');
  const all = { as, ...Object.fromEntries(new URLSearchParams(fields)), ...query };
  return `${url}${place}?${new URLSearchParams(all)}`;
}

/** An image is sent as it is; all else is posted. */
function writingAt(route: Route, address: string, asked: RouteProbe): RequestInit {
  if (route.image === 'body') {
    return { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: jpeg(asked.other.words[0]) };
  }
  const body = JSON.stringify(bodyFor(route, address, asked));
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

/** An order of another store, or details that fit many events. */
function bodyFor({ id }: Route, address: string, { other }: RouteProbe): object {
  if (id.startsWith('place'))
    return { ...other, driver: undefined, words: undefined, customer: 'Mallory', address: 'Nowhere' };
  if (address.includes('/attempt-failed')) return { reason: 'other' };
  if (address.includes('/note')) return { text: 'hello' };
  if (address.includes('/corrected')) return { rev: 2 };
  if (address.includes('/reassigned')) return { driver: other.driver };
  return {};
}

export async function hearAnswer(
  { tap, party }: Pick<RouteProbe, 'tap' | 'party'>,
  where: string,
  asking: Promise<Response>,
): Promise<string> {
  const response = await asking;
  const text = await response.text();
  tap.on(party, where)(`${JSON.stringify([...response.headers])}${text}`);
  return text;
}

/** Reads a stream until `ending` aborts. */
export async function hearStream(
  { tap, party }: Pick<RouteProbe, 'tap' | 'party'>,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const hear = tap.on(party, `stream ${address}`);
  try {
    const response = await fetch(address, { headers: { accept: 'text/event-stream' }, signal });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) hear(decoder.decode(chunk, { stream: true }));
  } catch {
    // Aborted here, or the hub is gone.
  }
}
