/**
 * Who may do what to whose parcel, cell by cell, over the real hub in keyed mode. The table is written from the contract
 * and not from the code: what it says of a step that `life` has must be found there, and the other way round.
 */

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ActorKind,
  type EventName,
  eventNames,
  isFinished,
  life,
  type Status,
  type Step,
} from '../../protocol/events.ts';
import type { Handshake } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { KeyRequest } from '../../protocol/rest.ts';
import { ana, ben, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { type Access, createAccess } from './access.ts';

// ---- the table ----

/** Ana holds the parcel, or held it last; Ben held it before her; Cyd never did. */
const people = ['shop', 'other', 'ana', 'ben', 'cyd', 'admin', 'buyer', 'stranger'] as const;
type Person = (typeof people)[number];

const columns: readonly (Status | 'none')[] = [
  ...(['none', 'ready', 'claimed', 'in-transit', 'failed', 'returning'] as const),
  ...(['delivered', 'returned', 'cancelled'] as const),
];

const meanings = {
  '+': 'recorded',
  '=': 'duplicate',
  p: 'unknown-parcel',
  n: 'not-allowed',
  t: 'taken',
  s: 'stale-claim',
  w: 'wrong-status',
} as const;

/** Of a parcel that is not there yet, nobody is the buyer. */
const never = {
  ...{ shop: 'pnnnnnnnn', other: 'ppppppppp', ana: 'pnnnnnnnn', ben: 'pnnnnnnnn', cyd: 'pnnnnnnnn' },
  ...{ admin: 'pnnnnnnnn', buyer: '.nnnnnnnn', stranger: 'ppppppppp' },
};
/** Of a step that is the holder's alone. */
const notTheirs = { ben: 'pwssssssw', cyd: 'pwssssssw' };

/** By event and person, a letter for each column. */
const table: Readonly<Record<EventName, Readonly<Record<Person, string>>>> = {
  //                                 - r c i f b d x X
  pickup: {
    ...{ shop: '+========', other: 'nnnnnnnnn', ana: 'nnnnnnnnn', ben: 'nnnnnnnnn', cyd: 'nnnnnnnnn' },
    ...{ admin: '+========', buyer: '.nnnnnnnn', stranger: 'nnnnnnnnn' },
  },
  claimed: { ...never, ana: 'p+wwwwwww', ben: 'p+ttttttw', cyd: 'p+ttttttw', admin: 'p+wwwwwww' },
  released: { ...never, ...notTheirs, ana: 'pw+wwwwww', admin: 'pw+wwwwww' },
  'in-transit': { ...never, ana: 'p++wwwwww', ben: 'p+ttttttw', cyd: 'p+ttttttw' },
  delivered: { ...never, ...notTheirs, ana: 'pww+wwwww', admin: 'pww+wwwww' },
  'attempt-failed': { ...never, ...notTheirs, ana: 'pww+wwwww' },
  retried: { ...never, ...notTheirs, ana: 'pwww+wwww', admin: 'pwww+wwww' },
  returning: { ...never, ...notTheirs, ana: 'pww++wwww', admin: 'pww++wwww' },
  returned: { ...never, ...notTheirs, shop: 'pwwww+www', ana: 'pwwww+www', admin: 'pwwww+www' },
  cancelled: { ...never, shop: 'p++wwwwww', admin: 'p+++++www' },
  reassigned: { ...never, admin: 'pw++++www' },
  // Ana made the latest change of all but the cancelled one: the shop did that.
  corrected: {
    ...{ ...never, shop: 'pnnnnnnn+', ana: 'p+++++++n', ben: 'pnssssssn', cyd: 'pnssssssn' },
    admin: 'p++++++++',
  },
  note: {
    ...{ ...never, shop: 'p++++++++', ana: 'p++++++++', ben: 'p++++++++', cyd: 'pnssssssn' },
    ...{ admin: 'p++++++++', buyer: '.++++++++' },
  },
  amended: { ...never, shop: 'p++wwwwww', admin: 'p+++++www' },
  // An amendment that Ana has not seen, and an urgent note of hers that dispatch has not.
  seen: { ...never, ...notTheirs, ana: 'pw++++www', admin: 'p++++++++' },
  proof: { ...never, ...notTheirs, ana: 'pw++++++w', admin: 'pw++++++w' },
};

/** What an event cannot do without. */
const detailsOf = (event: EventName, person: Person, rev: number): object => {
  const details: Partial<Record<EventName, object>> = {
    ...(person === 'admin' ? { claimed: { driver: 'cyd' }, cancelled: { reason: 'closed' } } : {}),
    ...{ 'attempt-failed': { reason: 'not-home' }, reassigned: { driver: 'cyd' } },
    ...{ corrected: { rev: Math.max(1, rev) }, note: { text: 'Ring twice.' } },
    ...{
      amended: { address: `${person} said ${rev}`, rev: Math.max(1, rev) },
      seen: { rev: Math.max(1, rev) },
    },
    proof: { kind: 'scan', text: '4711', rev: Math.max(1, rev) },
  };
  return details[event] ?? {};
};

// ---- the hub ----

let folder: string;
let store: Store;
let clock: SimulatedClock;
let hub: Hub;
let access: Access;
const actors = new Map<Person, Actor>();

async function identified(wanted: KeyRequest): Promise<Actor> {
  const { key } = await access.keysFor({ role: 'admin' }).issue(wanted);
  return access.identify({ protocol: 1, ...wanted, key } as Handshake);
}

beforeAll(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: (error) => expect.fail(String(error)) });
  access = createAccess({ adminKey: 'first', keys: store.keys, links: hub.read, clock });
  actors.set('shop', await identified({ role: 'vendor', store: 'red' }));
  actors.set('other', await identified({ role: 'vendor', store: 'blue' }));
  for (const driver of ['ana', 'ben', 'cyd'] as const)
    actors.set(driver, await identified({ role: 'driver', driver }));
  actors.set('admin', await identified({ role: 'admin' }));
  await submit(red, order('red', 'elsewhere'));
  actors.set('stranger', await buyerOf('elsewhere'));
});
afterAll(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const submit = (actor: Actor, ...commands: Parameters<Hub['submit']>[2][number][]) =>
  clock.settling(hub.submit(actor, 'rest', commands));

async function buyerOf(orderID: string): Promise<Actor> {
  const key = await hub.read.trackingToken({ role: 'admin' }, { store: 'red', orderID });
  return access.identify({ protocol: 1, role: 'customer', key });
}

/** Brings a parcel into this status. @returns its rev */
async function prepare(orderID: string, status: Status): Promise<number> {
  const by = (actor: Actor, event: string, details?: object) =>
    [actor, step(event, 'red', orderID, details ? { details } : {})] as const;
  const held = [by(ana, 'claimed')];
  const collected = [...held, by(ana, 'in-transit')];
  const ways: Record<Status, (typeof held)[number][]> = {
    ready: [...held, by(ana, 'released')],
    claimed: held,
    'in-transit': collected,
    failed: [...collected, by(ana, 'attempt-failed', { reason: 'refused' })],
    returning: [...collected, by(ana, 'returning')],
    delivered: [...collected, by(ana, 'delivered')],
    returned: [...collected, by(ana, 'returning'), by(ana, 'returned')],
    cancelled: [...held, by(red, 'cancelled')],
  };
  await submit(red, order('red', orderID));
  const before = [by(ben, 'claimed'), by(ben, 'released')];
  for (const [actor, command] of [...before, ...ways[status]]) {
    expect(await submit(actor, command)).toMatchObject([{ ok: true }]);
  }
  return before.length + ways[status].length + 1;
}

/** @returns its rev, with something new to the holder and to dispatch in it */
async function prepareNews(orderID: string, status: Status, rev: number): Promise<number> {
  const urgent = { details: { text: 'Nobody is here.', urgent: true } };
  const news = [
    [ana, step('note', 'red', orderID, urgent)],
    ...(isFinished(status)
      ? []
      : ([
          [
            actors.get('admin') ?? red,
            step('amended', 'red', orderID, { details: { address: 'Elsewhere' } }),
          ],
        ] as const)),
  ] as const;
  for (const [actor, command] of news) expect(await submit(actor, command)).toMatchObject([{ ok: true }]);
  return rev + news.length;
}

/** What comes of it, by its letter. */
async function tried(
  event: EventName,
  person: Person,
  from: Status | 'none',
  asked?: object,
): Promise<string> {
  const orderID = `${event} ${person} ${from}${asked ? ' more' : ''}`;
  if (from === 'none' && person === 'buyer') return '.';
  let rev = from === 'none' ? 0 : await prepare(orderID, from);
  if (event === 'seen' && from !== 'none') rev = await prepareNews(orderID, from, rev);
  const actor = actors.get(person) ?? (await buyerOf(orderID));
  const id = `try ${orderID}`;
  const command =
    event === 'pickup'
      ? order('red', orderID, id)
      : step(event, 'red', orderID, { id, details: { ...detailsOf(event, person, rev), ...asked } });
  const [answer] = await submit(actor, command);
  const said = answer?.ok ? (answer.duplicate ? 'duplicate' : 'recorded') : answer?.error.code;
  // What is refused leaves no trace.
  const revNow = await store.headOf({ kind: 'parcel', parcel: { store: 'red', orderID } });
  expect(revNow, orderID).toBe(said === 'recorded' ? rev + 1 : rev);
  const [letter] = Object.entries(meanings).find(([, meaning]) => meaning === said) ?? [said ?? ''];
  return letter;
}

describe.each(eventNames)('[A2][A1] %s', (event) => {
  it.each(people)('by %s', async (person) => {
    let found = '';
    for (const from of columns) found += await tried(event, person, from);
    expect(found).toBe(table[event][person]);
  });
});

it('[C4] hears of a conflict only if they may change the order at all', async () => {
  await submit(red, order('red', 'raced'));
  const amended = (address: string, id?: string) =>
    step('amended', 'red', 'raced', {
      ...(id ? { id } : {}),
      details: { address, ...(id ? { rev: 1 } : {}) },
    });
  await submit(actors.get('admin') ?? red, amended('Elsewhere'));
  const said: Record<string, string | undefined> = {};
  for (const person of people) {
    const actor = actors.get(person) ?? (await buyerOf('raced'));
    const [answer] = await submit(actor, amended('Nowhere', `raced ${person}`));
    said[person] = answer?.ok ? 'recorded' : answer?.error.code;
    expect(JSON.stringify(answer).includes('Elsewhere'), person).toBe(said[person] === 'conflict');
  }
  const refused = { shop: 'conflict', admin: 'conflict', other: 'unknown-parcel' };
  const drivers = { ana: 'not-allowed', ben: 'not-allowed', cyd: 'not-allowed' };
  expect(said).toEqual({ ...said, ...refused, ...drivers });
  expect(Object.values(said)).not.toContain('recorded');
});

describe('[A2] a proof by PIN', () => {
  const byPin = { ...table.proof, admin: 'pwnnnnnnw' };
  it.each(people)('by %s', async (person) => {
    let found = '';
    for (const from of columns) found += await tried('proof', person, from, { kind: 'pin', text: '0000' });
    expect(found).toBe(byPin[person]);
  });
});

describe('[A2] the table', () => {
  const isWho: Record<ActorKind, readonly Person[]> = {
    ...{ store: ['shop'], driver: ['ana', 'ben', 'cyd'], holder: ['ana'], admin: ['admin'], hub: [] },
    ...{ author: ['ana', 'shop'], party: ['shop', 'ana', 'ben', 'admin', 'buyer'] },
  };
  const letter = (event: EventName, person: Person, from: Status | 'none') =>
    table[event][person][columns.indexOf(from)];

  it('allows whatever a step of `life` allows', () => {
    for (const { event, from, who } of life) {
      for (const status of from) {
        const able = who.flatMap((one) => isWho[one]).filter((one) => letter(event, one, status) === '+');
        if (!who.includes('hub') || who.length > 1) expect(able, `${event} from ${status}`).not.toEqual([]);
      }
    }
  });

  it('allows nothing that no step of `life` allows', () => {
    const allows = (
      { event, from, who }: Step,
      [what, person, status]: readonly [EventName, Person, string],
    ) =>
      event === what && from.some((one) => one === status) && who.some((one) => isWho[one].includes(person));
    for (const event of eventNames) {
      for (const person of people) {
        for (const from of columns.filter((one) => letter(event, person, one) === '+')) {
          const cell = [event, person, from] as const;
          expect(
            life.some((one) => allows(one, cell)),
            cell.join(' '),
          ).toBe(true);
        }
      }
    }
  });
});
