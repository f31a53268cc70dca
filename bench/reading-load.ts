/** A process of reading.bench.ts that reads, or overloads the hub. Its task is an argument. */

import { get, type IncomingMessage } from 'node:http';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { unreachable } from '../protocol/errors.ts';
import { offer } from './offered-load.ts';
import type { Identity, ReadingReport, ReadingTask } from './reading-task.ts';
import { openThinClient } from './thin-client.ts';

/** Timeout of an answer. */
const answerMaxMs = 60_000;
/** Connections opened at a time. */
const atATime = 20;

async function carryOut(url: string, task: ReadingTask): Promise<ReadingReport> {
  switch (task.kind) {
    case 'join':
      return join(url, task.as, task.forMs);
    case 'catch-up':
      return catchUp(url, task.as, task.maxMs);
    case 'ask':
      return ask(url, task);
    case 'unread':
      return unread(url, task.path, task.count, task.forMs);
    case 'idle':
      return idle(url, task.count);
    case 'offer':
      return offer(url, task.perSecond, task.forMs);
    case 'released':
      return released(url, task.count, task.maxMs);
    default:
      return unreachable(task);
  }
}

async function join(url: string, as: Identity, forMs: number): Promise<ReadingReport> {
  const tookMs: number[] = [];
  let parcels = 0;
  let ready: string | undefined;
  for (const end = performance.now() + forMs; tookMs.length === 0 || performance.now() < end; ) {
    const begin = performance.now();
    const { promise: joined, resolve } = Promise.withResolvers<boolean>();
    parcels = 0;
    const client = await openThinClient(url, fresh(as, tookMs.length), (text) => {
      if (!text.startsWith('["parcels"')) return;
      parcels += text.split('"changedAt"').length - 1;
      ready = /"ready":(\d+)[^[\]{}]*\}\]$/.exec(text.slice(-200))?.[1];
      if (text.includes('"more":false')) resolve(true);
    });
    const isJoined = await Promise.race([joined, pause(answerMaxMs, false, { ref: false })]);
    tookMs.push(isJoined ? performance.now() - begin : Number.POSITIVE_INFINITY);
    client.close();
  }
  if (!tookMs.every(Number.isFinite)) {
    return { tookMs, said: `after ${answerMaxMs / 1_000} s ${grouped(parcels)} parcels, given up` };
  }
  const times = `${tookMs.length} ${tookMs.length === 1 ? 'join' : 'joins'}`;
  const of = ready === undefined ? '' : ` of ${grouped(Number(ready))}`;
  return { tookMs: tookMs.toSorted(ascending), said: `${times}, ${grouped(parcels)}${of} parcels each` };
}

/** Gives a driver a new id; a shop keeps its own. */
function fresh(as: Identity, number: number): Identity {
  return as.role === 'driver' ? { ...as, driver: `${as.driver}-${Date.now().toString(36)}-${number}` } : as;
}

async function catchUp(url: string, all: readonly Identity[], maxMs: number): Promise<ReadingReport> {
  const hub = (await (await fetch(`${url}/api/events?limit=1`)).json()) as { items: { seq: number }[] };
  const head = hub.items.at(-1)?.seq ?? 0;
  const places = all.map(() => 0);
  const begin = performance.now();
  const follow = async (as: Identity, i: number): Promise<number> => {
    const { promise: arrived, resolve } = Promise.withResolvers<number>();
    const feed = as.role === 'driver' ? '"feed":"board"' : '"feed":"log"';
    const opening = openThinClient(url, { ...as, after: '0' }, (text) => {
      const start = text.slice(0, 100);
      if (!start.startsWith('["events"') || !start.includes(feed)) return;
      places[i] = Number(/"upTo":(\d+)/.exec(start)?.[1] ?? places[i]);
      if ((places[i] ?? 0) >= head) resolve(performance.now() - begin);
    });
    // A hub that is blocked for 5 s counts its clients as silent and disconnects them.
    opening.catch(() => resolve(Number.POSITIVE_INFINITY));
    return Promise.race([arrived, pause(maxMs, Number.POSITIVE_INFINITY, { ref: false })]);
  };
  const tookMs = (await Promise.all(all.map(follow))).toSorted(ascending);
  if (tookMs.every(Number.isFinite)) return { tookMs, said: `${grouped(head)} records` };
  const [least, most] = [Math.min(...places), Math.max(...places)].map(grouped);
  return { tookMs, said: `in ${maxMs / 1_000} s ${least}–${most} of ${grouped(head)} records` };
}

async function ask(
  url: string,
  { paths, forMs, readers = 1 }: Extract<ReadingTask, { kind: 'ask' }>,
): Promise<ReadingReport> {
  const tookMs: number[] = [];
  const empty = new Set<string>();
  const slowest = { path: '', ms: 0 };
  const end = performance.now() + forMs;
  const askAll = async () => {
    for (const path of paths) {
      const begin = performance.now();
      const page = await pageOf(`${url}${path}`);
      const ms = page ? performance.now() - begin : Number.POSITIVE_INFINITY;
      tookMs.push(ms);
      if (ms > slowest.ms) Object.assign(slowest, { path, ms });
      if (page && page.items.length === 0 && goesOn(path, page)) empty.add(path);
    }
  };
  const read = async () => {
    do await askAll();
    while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: readers }, read));
  const pages = `${grouped(tookMs.length)} pages, slowest \`${slowest.path.replace('/api/', '')}\``;
  const [first = ''] = empty;
  const said =
    empty.size === 0
      ? pages
      : `${pages}; empty though there is more: ${empty.size} of ${paths.length}, as \`${first.replace('/api/', '')}\``;
  return { tookMs: tookMs.toSorted(ascending), said };
}

interface Page {
  readonly items: readonly unknown[];
  readonly next?: string | null;
  readonly prev?: string | null;
}

/** The next page of orders is at `next`; the next older page of the log at `prev`. */
function goesOn(path: string, page: Page): boolean {
  return typeof (path.startsWith('/api/orders') ? page.next : page.prev) === 'string';
}

async function pageOf(address: string): Promise<Page | undefined> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(answerMaxMs) });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${address} was answered with ${response.status}`);
    return body as Page;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return undefined;
    throw error;
  }
}

async function unread(url: string, path: string, count: number, forMs: number): Promise<ReadingReport> {
  const statuses = new Map<string, number>();
  for (let i = 0; i < count; i += 1) {
    const note = (name: string) => statuses.set(name, (statuses.get(name) ?? 0) + 1);
    get(`${url}${path}`, { agent: false }, (response: IncomingMessage) => {
      response.on('error', () => {});
      response.pause();
      note(String(response.statusCode));
    }).on('error', (error) => note(error.message));
  }
  await pause(forMs);
  const answers = [...statuses].map(([name, times]) => `${times} × ${name}`).join(', ');
  return { tookMs: [], said: `answers: ${answers || 'none'}` };
}

async function idle(url: string, count: number): Promise<ReadingReport> {
  const begin = performance.now();
  for (let from = 0; from < count; from += atATime) {
    const some = Array.from({ length: Math.min(atATime, count - from) }, (_, i) =>
      openThinClient(url, { protocol: 1, role: 'vendor', store: `idle-${from + i}` }),
    );
    await Promise.all(some);
  }
  const ms = performance.now() - begin;
  return { tookMs: [], said: `${grouped(count)} connected in ${(ms / 1_000).toFixed(1)} s` };
}

async function released(url: string, count: number, maxMs: number): Promise<ReadingReport> {
  const begin = performance.now();
  for (let sum = 0; ; ) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    sum = 0;
    for (const [, each] of metrics.matchAll(/^caps_events_total\{event="released",.*\} (\d+)/gm))
      sum += Number(each);
    const ms = performance.now() - begin;
    if (sum >= count) return { tookMs: [ms], said: `${grouped(sum)} released` };
    if (ms > maxMs)
      return { tookMs: [Number.POSITIVE_INFINITY], said: `${grouped(sum)} of ${grouped(count)} released` };
    await pause(200);
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}

// Real readers have their own machines; here they must not take the hub's CPU.
setPriority(10);
const [url = '', task = ''] = process.argv.slice(2);
process.once('message', () => process.exit());
process.once('disconnect', () => process.exit());
process.send?.(await carryOut(url, JSON.parse(task) as ReadingTask));
