/** Steps that can be taken on the hub and the model, in any order. */

import fc from 'fast-check';
import { type EventName, eventNames } from '../../protocol/events.ts';
import { type Command, parseCommand } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';

export const actors = [
  { role: 'vendor', store: 'red' },
  { role: 'vendor', store: 'blue' },
  { role: 'driver', driver: 'ana' },
  { role: 'driver', driver: 'ben' },
  { role: 'driver', driver: 'cem' },
  { role: 'admin' },
] as const satisfies Actor[];
export const drivers: Actor[] = actors.filter(({ role }) => role === 'driver');

export type ParcelRef = { store: string; orderID: string };
/** What the sender of an amendment had before them; `earlier` is so many records ago. */
export type SeenRecord = 'nothing said' | 'latest' | 'next' | { earlier: number };
/** Of one thing, so that two who amend often mean the same one, and often another. */
interface Change {
  field: keyof typeof amendments;
  which: number;
}
/** One step of a run. */
export type Step =
  | { do: 'send'; actor: number; event: EventName; at: ParcelRef; id: boolean; twist: number }
  | { do: 'next'; at: ParcelRef; id: boolean }
  | { do: 'race'; at: ParcelRef; event: 'claimed' | 'in-transit' }
  | { do: 'guess'; at: ParcelRef; id: boolean; wrong: number }
  | ({ do: 'amend'; at: ParcelRef; id: boolean; byShop: boolean; seen: SeenRecord } & Change)
  | { do: 'resend'; which: number; actor: number | undefined }
  | { do: 'join' | 'leave'; client: number }
  | { do: 'wait'; ms: number }
  | { do: 'restart' };

/** Two changes of each field, to nothing where there may be none; of a place, too, and of half of one. */
const amendments = {
  address: [{ address: '1 Elm Street' }, { address: '2 Elm Street' }],
  note: [{ note: 'ring' }, { note: null }],
  phone: [{ phone: '555 0100' }, { phone: null }],
  email: [{ email: 'a@a.example' }, { email: 'b@b.example' }],
  place: [
    { latitude: 64.1466, longitude: -21.9426 },
    { latitude: null, longitude: null },
  ],
  placed: [
    { address: '2 Elm Street', latitude: -33.8688, longitude: 151.2093 },
    { address: '1 Elm Street', latitude: 64.1466, longitude: -21.9426 },
  ],
  half: [{ latitude: 64.1466 }, { latitude: null, longitude: 151.2093 }],
} as const;
const fields = ['address', 'note', 'phone', 'email', 'place', 'placed', 'half'] as const;
const places: ParcelRef[] = [
  { store: 'red', orderID: '1' },
  { store: 'red', orderID: '2' },
  { store: 'blue', orderID: '1' },
];
const place = fc.constantFrom(...places);
/** Most parcels are amended several times by people who have seen more or less of that. */
const amending: fc.Arbitrary<Step> = fc.record({
  ...{ do: fc.constant('amend' as const), at: place, id: fc.boolean() },
  ...{ byShop: fc.boolean(), field: fc.constantFrom(...fields), which: fc.nat(1) },
  seen: fc.oneof(
    fc.constantFrom('nothing said' as const, 'latest' as const, 'next' as const),
    fc.record({ earlier: fc.integer({ min: 1, max: 3 }) }),
  ),
});
const actorIndex = fc.nat(actors.length - 1);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('next' as const), at: place, id: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      ...{
        do: fc.constant('send' as const),
        actor: actorIndex,
        event: fc.constantFrom(...eventNames, 'amended', 'amended'),
        at: place,
      },
      ...{ id: fc.boolean(), twist: fc.nat(3) },
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('race' as const),
      at: place,
      event: fc.constantFrom('claimed', 'in-transit'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('resend' as const),
      which: fc.nat(99),
      actor: fc.option(actorIndex, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('guess' as const), at: place, id: fc.boolean(), wrong: fc.nat(6) },
    }),
  },
  { weight: 8, arbitrary: amending },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('join', 'leave'), client: actorIndex }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 1_000, 60_000, 130_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

/** The first two are one moment. */
const dueTimes = [
  ...['2026-11-30T10:00:00Z', '2026-11-30T11:00:00+01:00'],
  ...['2026-11-30T10:30:00.000Z', '2026-11-30T10:00:00Z'],
];
let ids = 0;

/** @param rev the parcel's latest record */
export function amendmentOf(
  { at, id, field, which, seen }: Extract<Step, { do: 'amend' }>,
  rev: number,
): Command {
  const revs = { latest: rev, next: rev + 1, 'nothing said': undefined };
  const named = typeof seen === 'string' ? revs[seen] : Math.max(1, rev - seen.earlier);
  const details = { ...amendments[field][which], ...(named === undefined ? {} : { rev: named }) };
  ids += 1;
  return parseCommand({ event: 'amended', payload: at, details, ...(id ? { id: `c${ids}` } : {}) });
}

/** @param pin to type */
export function commandOf(
  event: EventName,
  at: ParcelRef,
  twist: number,
  id: boolean,
  rev: number,
  pin = '0000',
): Command {
  const needed: Partial<Record<EventName, object>> = {
    'attempt-failed': { reason: twist % 2 ? 'refused' : 'not-home' },
    ...(twist % 2 ? { cancelled: { reason: 'out of stock' } } : {}),
    reassigned: { driver: twist % 2 ? 'ana' : 'ben' },
    corrected: { rev },
    note: { text: `${twist}`, ...(twist === 2 ? { urgent: true } : {}) },
    amended: {
      ...{ address: `${twist} Meluk Pass`, note: twist % 2 ? 'ring' : null, dueAt: dueTimes[twist] },
      // Two dispatchers, of whom one has not heard the latest.
      ...(twist < 2 ? {} : { rev: twist === 2 ? rev : 1 }),
    },
    seen: { rev },
    proof: twist % 2 ? { kind: 'photo', blob: `${twist}`.repeat(64), rev } : { kind: 'pin', text: pin, rev },
  };
  const details = needed[event];
  const where = twist === 1 ? { latitude: 47.6205, longitude: -122.3493 } : {};
  const customer = twist === 3 ? 'Ida' : 'Hulda';
  const payload = event === 'pickup' ? { ...at, customer, address: '835 Meluk Pass', ...where } : at;
  ids += 1;
  return parseCommand({ event, payload, ...(details ? { details } : {}), ...(id ? { id: `c${ids}` } : {}) });
}

/** The usual next event of this parcel. */
