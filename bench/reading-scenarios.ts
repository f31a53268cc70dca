/** The scenarios of reading.bench.ts, and the limits that each must keep. */

import { holder, type LogKind, openIn, openShop } from './reading-log.ts';
import type { Identity, ReadingTask } from './reading-task.ts';

export interface Scenario {
  readonly name: string;
  readonly log: LogKind;
  readonly task: ReadingTask;
  readonly must: Must;
  /** Settings of a hub of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Limits; an absent one does not apply. */
export interface Must {
  /** The maximum, and the 99th percentile. */
  readonly tookMaxMs?: number;
  readonly tookP99Ms?: number;
  /** Latency of the concurrent shop. */
  readonly ackP99Ms?: number;
  /** Growth of the hub's memory, and memory per connection. */
  readonly growthMaxMb?: number;
  readonly eachMaxKb?: number;
  /** Duration of a start. */
  readonly cpuMaxSeconds?: number;
  /** The last page has no items. */
  readonly isNeverEmpty?: boolean;
}

const acks = { ackP99Ms: 50 };
const lists = { ...acks, tookP99Ms: 100, isNeverEmpty: true };
const manyMs = 30_000;
const many = 20;
const searches = ['parker', 'zephyrwood', 'nobody-of-this-name', '"elm street"'].map(encodeURIComponent);
const admin: Identity = { protocol: 1, role: 'admin' };
const driver = (name: string): Identity => ({ protocol: 1, role: 'driver', driver: name });

/** @param forMs repeats a short task for so long */
export function scenariosOf(records: number, forMs: number): readonly Scenario[] {
  return [
    ...joins(forMs),
    ...catchUps(),
    ...orderLists(records, forMs),
    ...histories(forMs),
    ...crowds(forMs),
    ...releases(records, forMs),
  ];
}

/** Number of records of 10 kB, whatever the length of other logs. */
export function largeScenarios(forMs: number): readonly Scenario[] {
  const unread = (path: string) => ({ kind: 'unread', path, count: 50, forMs }) as const;
  const must = { ...acks, growthMaxMb: 100 };
  const log = 'large';
  return [
    { name: 'CSV × 50, unread', log, task: unread('/api/events?format=csv'), must },
    { name: 'ndjson × 50, unread', log, task: unread('/api/events?format=ndjson'), must },
    { name: 'JSON pages of 500 × 50, unread', log, task: unread('/api/events?limit=500'), must },
    {
      name: 'JSON pages of 500',
      log,
      task: { kind: 'ask', paths: ['/api/events?limit=500', '/api/orders?limit=500'], forMs },
      must: { ...lists, growthMaxMb: 100 },
    },
  ];
}

function joins(forMs: number): Scenario[] {
  const must = { ...acks, tookMaxMs: 3_000 };
  const shop = { protocol: 1, role: 'vendor', store: openShop } as const;
  return [
    { name: 'a fresh driver joins', log: 'city', task: { kind: 'join', as: driver('fresh'), forMs }, must },
    {
      name: 'a shop with 10,000 open orders joins',
      log: 'city',
      task: { kind: 'join', as: shop, forMs },
      must,
    },
  ];
}

function catchUps(): Scenario[] {
  const catchUp = (as: readonly Identity[]) => ({ kind: 'catch-up', as, maxMs: manyMs }) as const;
  const drivers = Array.from({ length: many / 2 }, (_, i) => driver(`far-${i}`));
  const admins = Array.from({ length: many / 2 }, () => admin);
  return [
    { name: 'a driver catches up from 0', log: 'city', task: catchUp([driver('far')]), must: acks },
    { name: 'an admin catches up from 0', log: 'city', task: catchUp([admin]), must: acks },
    {
      name: '10 drivers and 10 admins catch up from 0',
      log: 'city',
      task: catchUp([...drivers, ...admins]),
      must: acks,
    },
  ];
}

function orderLists(records: number, forMs: number): Scenario[] {
  const of = (name: string, queries: readonly string[]): Scenario => ({
    name: `orders: ${name}`,
    log: 'city',
    task: { kind: 'ask', paths: queries.map((query) => `/api/orders?${query}`), forMs },
    must: lists,
  });
  return [
    of('`driver=`', [
      `driver=${holder(7)}`,
      'driver=driver-0',
      'driver=nobody',
      `driver=${holder(7)}&status=ready`,
    ]),
    of('`status=`', ['status=ready', 'status=claimed', 'status=failed', 'status=returning']),
    of('`store=`', [
      'store=1-206-flowers',
      `store=${openShop}`,
      'store=nobody',
      `store=1-206-flowers&status=failed`,
    ]),
    of(
      '`q=`',
      searches.map((q) => `q=${q}`),
    ),
    of('`q=is:open`', ['q=is:open', 'q=is:open+parker', 'q=is:open+nobody-of-this-name']),
    {
      ...of('four at once look through all that is open, and find nothing', ['q=is:late']),
      task: { kind: 'ask', paths: ['/api/orders?q=is:late'], forMs, readers: 4 },
      must: { ...acks, ...(records <= 100_000 ? { tookP99Ms: 1_000 } : {}) },
    },
    of('`q=` of a shop', [
      ...searches.map((q) => `as=store:1-206-flowers&q=${q}`),
      `store=${openShop}&q=parker`,
    ]),
  ];
}

function histories(forMs: number): Scenario[] {
  const of = (name: string, as: string, queries: readonly string[]): Scenario => ({
    name,
    log: 'city',
    task: { kind: 'ask', paths: queries.map((query) => `/api/events?as=${as}&${query}`), forMs },
    must: lists,
  });
  const words = searches.map((q) => `q=${q}`);
  return [
    of('a shop’s history, filtered', 'store:1-206-flowers', [
      ...words,
      'event=attempt-failed',
      'driver=driver-0',
      'via=tcp',
    ]),
    of('a driver’s history, filtered', 'driver:driver-0', [
      'limit=50',
      ...words,
      'event=attempt-failed',
      'store=1-206-flowers',
      'via=tcp',
    ]),
    of('a holder’s history, filtered', `driver:${holder(7)}`, ['limit=50', ...words, 'event=delivered']),
    of('dispatch searches', 'admin', [
      ...words,
      'q=parker&total=1',
      'event=attempt-failed',
      'store=1-206-flowers&q=parker',
      'via=tcp',
    ]),
  ];
}

function crowds(forMs: number): Scenario[] {
  const perSecond = 10_000;
  return [
    {
      name: '1,000 connections, idle',
      log: 'city',
      task: { kind: 'idle', count: 1_000 },
      must: { ...acks, eachMaxKb: 40 },
      // A hub would reuse memory of earlier scenarios.
      env: {},
    },
    {
      name: '10,000 events/s offered; took: from receipt to answer',
      log: 'city',
      task: { kind: 'offer', perSecond, forMs: 2 * forMs },
      must: { tookP99Ms: 1_000, tookMaxMs: 1_200 },
    },
  ];
}

function releases(records: number, forMs: number): Scenario[] {
  const count = openIn(records);
  // After the start, the measurement at rest comes first.
  const timeout = Math.ceil(forMs / 1_000) + 4;
  return [
    {
      name: `${count.toLocaleString('en')} claimed parcels of silent drivers are released; at rest: the rounds before`,
      log: 'city',
      task: { kind: 'released', count, maxMs: 90_000 },
      must: acks,
      env: { CAPS_CLAIM_TIMEOUT: String(timeout) },
    },
  ];
}
