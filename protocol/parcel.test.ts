import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderAfter } from './amendment-check.ts';
import { CapsError } from './errors.ts';
import { eventNames, failReasons, isFinished, isHeld, type Status, statuses } from './events.ts';
import { limits } from './limits.ts';
import { type Command, parcelViewSchema, parseCommand } from './messages.ts';
import type { ParcelId } from './orders.ts';
import { type Actor, apply, authorOf, decide, type Parcel, type UnnumberedRecord } from './parcel.ts';
import { viewOf } from './parcel-view.ts';

// ---- a small world: ana holds the parcel, ben held it before, cem never did ----

const key: ParcelId = { store: 'red', orderID: '1' };
const order = { ...key, customer: 'Hulda', address: '835 Meluk Pass' };
const actors = {
  'own store': { role: 'vendor', store: 'red' },
  'other store': { role: 'vendor', store: 'blue' },
  holder: { role: 'driver', driver: 'ana', name: 'Ana' },
  'past holder': { role: 'driver', driver: 'ben', name: 'Ben' },
  'other driver': { role: 'driver', driver: 'cem', name: 'Cem' },
  admin: { role: 'admin' },
  customer: { role: 'customer', parcel: key },
  'other customer': { role: 'customer', parcel: { ...key, orderID: '2' } },
  hub: { role: 'hub' },
} as const satisfies Record<string, Actor>;
type Kind = keyof typeof actors;
const kinds = Object.keys(actors) as Kind[];

const start = Date.parse('2026-11-20T18:00:00.000Z');
const at = (seconds: number): string => new Date(start + 1000 * seconds).toISOString();

/** Without an id, so that the hub cannot find it again by its id. */
function command(event: string, details?: object, id?: string): Command {
  const payload = event === 'pickup' ? order : key;
  return parseCommand({ event, payload, ...(details ? { details } : {}), ...(id ? { id } : {}) });
}

/** Decides one command as the hub does. @returns undefined if the log already has its record */
function submit(
  parcel: Parcel | undefined,
  given: Command,
  actor: Actor,
  seconds = 0,
): UnnumberedRecord | undefined {
  const decision = decide(parcel, given, actor, start + 1000 * seconds);
  if (decision.kind === 'repeats') return undefined;
  return {
    event: given.event,
    time: at(seconds),
    status: decision.status,
    rev: (parcel?.rev ?? 0) + 1,
    payload: orderAfter(parcel?.payload, given),
    ...(decision.details ? { details: decision.details } : {}),
    by: authorOf(actor),
    via: 'hub',
  };
}

type Deed = readonly [kind: Kind, event: string, details?: object];

/** A parcel's life with one deed per second. */
function live(...deeds: readonly Deed[]): Parcel {
  let parcel: Parcel | undefined;
  for (const [i, [kind, event, details]] of deeds.entries()) {
    const record = submit(parcel, command(event, details), actors[kind], i);
    if (!record) throw new Error(`${kind} ${event} repeats`);
    parcel = apply(parcel, record);
  }
  if (!parcel) throw new Error('a life needs a deed');
  return parcel;
}

const pickup: Deed = ['own store', 'pickup'];
const byBen: readonly Deed[] = [pickup, ['past holder', 'claimed'], ['past holder', 'released']];
const claimed: readonly Deed[] = [...byBen, ['holder', 'claimed']];
const collected: readonly Deed[] = [...claimed, ['holder', 'in-transit']];
const failed: readonly Deed[] = [...collected, ['holder', 'attempt-failed', { reason: 'not-home' }]];
const returning: readonly Deed[] = [...failed, ['holder', 'returning']];
/** One parcel of each status. Ana acts last, except in `cancelled`, which is the store's. */
const parcels: Record<Status, Parcel> = {
  ready: live(...claimed, ['holder', 'released']),
  claimed: live(...claimed),
  'in-transit': live(...collected),
  failed: live(...failed),
  returning: live(...returning),
  delivered: live(...collected, ['holder', 'delivered']),
  returned: live(...returning, ['holder', 'returned']),
  cancelled: live(...claimed, ['own store', 'cancelled']),
};

function outcome(parcel: Parcel | undefined, given: Command, actor: Actor, now = start): string {
  try {
    const decision = decide(parcel, given, actor, now);
    return decision.kind === 'record' ? decision.status : 'again';
  } catch (error) {
    if (error instanceof CapsError) return error.code;
    throw error;
  }
}

// ---- every cell ----

/**
 * The contract's table, cell by cell, written without looking at `life`. A status: the command is recorded, and this
 * is what the parcel is afterwards. Rows that are not here are "not-allowed" all along, and who may not see the parcel
 * gets "unknown-parcel".
 */
const table = `
event          who           ready        claimed      in-transit   failed       returning    delivered    returned     cancelled
pickup         own store     again        again        again        again        again        again        again        again
pickup         admin         again        again        again        again        again        again        again        again
claimed        holder        claimed      wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
claimed        past holder   claimed      taken        taken        taken        taken        taken        taken        wrong-status
claimed        other driver  claimed      taken        taken        taken        taken        taken        taken        wrong-status
claimed        admin         claimed      wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
released       holder        wrong-status ready        wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
released       past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
released       other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
released       admin         wrong-status ready        wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
released       hub           wrong-status ready        wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
in-transit     holder        in-transit   in-transit   wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
in-transit     past holder   in-transit   taken        taken        taken        taken        taken        taken        wrong-status
in-transit     other driver  in-transit   taken        taken        taken        taken        taken        taken        wrong-status
delivered      holder        wrong-status wrong-status delivered    wrong-status wrong-status wrong-status wrong-status wrong-status
delivered      past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
delivered      other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
delivered      admin         wrong-status wrong-status delivered    wrong-status wrong-status wrong-status wrong-status wrong-status
attempt-failed holder        wrong-status wrong-status failed       wrong-status wrong-status wrong-status wrong-status wrong-status
attempt-failed past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
attempt-failed other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
retried        holder        wrong-status wrong-status wrong-status in-transit   wrong-status wrong-status wrong-status wrong-status
retried        past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
retried        other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
retried        admin         wrong-status wrong-status wrong-status in-transit   wrong-status wrong-status wrong-status wrong-status
returning      holder        wrong-status wrong-status returning    returning    wrong-status wrong-status wrong-status wrong-status
returning      past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
returning      other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
returning      admin         wrong-status wrong-status returning    returning    wrong-status wrong-status wrong-status wrong-status
returned       own store     wrong-status wrong-status wrong-status wrong-status returned     wrong-status wrong-status wrong-status
returned       holder        wrong-status wrong-status wrong-status wrong-status returned     wrong-status wrong-status wrong-status
returned       past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
returned       other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
returned       admin         wrong-status wrong-status wrong-status wrong-status returned     wrong-status wrong-status wrong-status
cancelled      own store     cancelled    cancelled    wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
cancelled      admin         cancelled    cancelled    cancelled    cancelled    cancelled    wrong-status wrong-status wrong-status
reassigned     admin         wrong-status claimed      in-transit   failed       returning    wrong-status wrong-status wrong-status
corrected      own store     not-allowed  not-allowed  not-allowed  not-allowed  not-allowed  not-allowed  not-allowed  claimed
corrected      holder        claimed      ready        claimed      in-transit   failed       in-transit   returning    not-allowed
corrected      past holder   not-allowed  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  not-allowed
corrected      other driver  not-allowed  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  not-allowed
corrected      admin         claimed      ready        claimed      in-transit   failed       in-transit   returning    claimed
note           own store     ready        claimed      in-transit   failed       returning    delivered    returned     cancelled
note           holder        ready        claimed      in-transit   failed       returning    delivered    returned     cancelled
note           past holder   ready        claimed      in-transit   failed       returning    delivered    returned     cancelled
note           other driver  not-allowed  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  not-allowed
note           admin         ready        claimed      in-transit   failed       returning    delivered    returned     cancelled
note           customer      ready        claimed      in-transit   failed       returning    delivered    returned     cancelled
amended        own store     ready        claimed      wrong-status wrong-status wrong-status wrong-status wrong-status wrong-status
amended        admin         ready        claimed      in-transit   failed       returning    wrong-status wrong-status wrong-status
seen           holder        wrong-status again        again        again        again        wrong-status wrong-status wrong-status
seen           past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
seen           other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
seen           admin         again        again        again        again        again        again        again        again
proof          holder        wrong-status claimed      in-transit   failed       returning    delivered    returned     wrong-status
proof          past holder   wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
proof          other driver  wrong-status stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  stale-claim  wrong-status
proof          admin         wrong-status claimed      in-transit   failed       returning    delivered    returned     wrong-status
`;

const rows = new Map<string, readonly string[]>();
for (const line of table.trim().split('\n')) {
  rows.set(`${line.slice(0, 15).trim()} ${line.slice(15, 29).trim()}`, line.slice(29).split(/ +/));
}

function expectedRow(event: string, kind: Kind): readonly string[] {
  const given = rows.get(`${event} ${kind}`);
  if (given) return given;
  const isBlind = kind.startsWith('other') && kind !== 'other driver' && event !== 'pickup';
  return statuses.map(() => (isBlind ? 'unknown-parcel' : 'not-allowed'));
}

/** A complete command, with an id, so that it does not count as a repeat. */
function complete(event: string, kind: Kind, parcel: Parcel | undefined): Command {
  const isAdmin = kind === 'admin';
  const details: Record<string, object | undefined> = {
    claimed: isAdmin ? { driver: 'dora' } : undefined,
    cancelled: isAdmin ? { reason: 'the shop is closed' } : undefined,
    'attempt-failed': { reason: 'not-home' },
    reassigned: { driver: 'dora' },
    corrected: { rev: parcel?.before?.rev ?? 1 },
    note: { text: 'the bell is broken' },
    amended: { address: '1 New Street' },
    seen: { rev: 1 },
    proof: { kind: 'scan', text: '4711', rev: parcel?.rev ?? 1 },
  };
  return command(event, details[event], 'a-new-id');
}

const cells = eventNames.flatMap((event) => kinds.map((kind) => ({ event, kind })));

describe('every (status, event, actor) cell', () => {
  it('is in the table under the right heading', () => {
    expect(rows.get('event who')).toEqual(statuses);
    const known = cells.map(({ event, kind }) => `${event} ${kind}`);
    expect([...rows.keys()].filter((row) => row !== 'event who' && !known.includes(row))).toEqual([]);
  });

  it.each(cells)('$event by $kind', ({ event, kind }) => {
    const found = statuses.map((status) => {
      const parcel = parcels[status];
      return outcome(parcel, complete(event, kind, parcel), actors[kind], Date.parse(parcel.changedAt));
    });
    expect(found).toEqual(expectedRow(event, kind));
  });

  it.each(cells)('$event by $kind where there is no such parcel', ({ event, kind }) => {
    const may = kind === 'own store' || kind === 'admin' ? 'ready' : 'not-allowed';
    const expected = event === 'pickup' ? may : 'unknown-parcel';
    expect(outcome(undefined, complete(event, kind, undefined), actors[kind])).toBe(expected);
  });

  it('starts from a parcel of its status', () => {
    for (const status of statuses) expect(parcels[status].status).toBe(status);
    expect(statuses.filter(isHeld)).toEqual(['claimed', 'in-transit', 'failed', 'returning']);
    expect(statuses.filter(isFinished)).toEqual(['delivered', 'returned', 'cancelled']);
  });
});

describe('the checks run in the documented order', () => {
  const { claimed: promised, delivered, ready, 'in-transit': away } = parcels;

  it.each([
    ['a stranger may not learn what a role may do', promised, 'other store', 'delivered', 'unknown-parcel'],
    ['the role comes before the hands and the status', delivered, 'own store', 'delivered', 'not-allowed'],
    ['the hands come before the status', delivered, 'other driver', 'returned', 'stale-claim'],
    ['a race is lost to someone', away, 'past holder', 'claimed', 'taken'],
    ['what nobody holds is a question of status', ready, 'past holder', 'delivered', 'wrong-status'],
    ['the status comes before a missing detail', delivered, 'admin', 'cancelled', 'wrong-status'],
    ['dispatch says for which driver', ready, 'admin', 'claimed', 'bad-message'],
    ['dispatch says why', ready, 'admin', 'cancelled', 'bad-message'],
  ] as const)('%s', (_, parcel, kind, event, code) => {
    expect(outcome(parcel, command(event, undefined, 'id'), actors[kind])).toBe(code);
  });

  it('a driver can claim only for themselves', () => {
    for (const parcel of [ready, promised, delivered]) {
      expect(outcome(parcel, command('claimed', { driver: 'cem' }), actors['other driver'])).toBe(
        'not-allowed',
      );
    }
  });

  it('names the field that is missing', () => {
    expect(() => decide(ready, command('claimed'), actors.admin, start)).toThrow(
      expect.objectContaining({ code: 'bad-message', details: { field: 'details.driver' } }),
    );
  });

  it.each([
    ['in-transit', actors.admin, 'An admin may not send "in-transit".'],
    ['claimed', actors['own store'], 'A vendor may not send "claimed".'],
  ] as const)('says in a plain sentence who may not send "%s"', (event, actor, sentence) => {
    expect(() => decide(ready, command(event), actor, start)).toThrow(sentence);
  });

  it('tells the loser of a race who won, and when', () => {
    expect(() => decide(promised, command('claimed'), actors['other driver'], start)).toThrow(
      expect.objectContaining({ code: 'taken', details: { by: 'Ana', time: at(3) } }),
    );
  });

  it('"not yours" and "not there" read the same', () => {
    const refusal = (parcel: Parcel | undefined) => {
      try {
        return decide(parcel, command('cancelled'), actors['other store'], start);
      } catch (error) {
        return (error as CapsError).toWire();
      }
    };
    expect(refusal(promised)).toEqual(refusal(undefined));
  });
});

describe('pickup', () => {
  const again = (data: object) => parseCommand({ event: 'pickup', payload: { ...order, ...data } });

  it('counts as a repeat of the first record with the same data, whatever its id and order of keys', () => {
    const { customer, ...rest } = order;
    for (const id of [undefined, 'one', 'two']) {
      const given = parseCommand({ event: 'pickup', payload: { ...rest, customer }, ...(id ? { id } : {}) });
      expect(decide(parcels.delivered, given, actors['own store'], start)).toEqual({
        kind: 'repeats',
        which: 'first',
      });
    }
  });

  it.each([{ address: 'elsewhere' }, { note: 'more' }, { extra: [1] }])('is a conflict with %o', (data) => {
    expect(outcome(parcels.ready, again(data), actors['own store'])).toBe('conflict');
    expect(outcome(parcels.cancelled, again(data), actors.admin)).toBe('conflict');
    expect(outcome(parcels.ready, again(data), actors['other store'])).toBe('not-allowed');
  });
});

describe('a repeat without an id', () => {
  it('counts while that record is still the latest and says the same', () => {
    expect(outcome(parcels.claimed, command('claimed'), actors.holder)).toBe('again');
    expect(outcome(parcels.ready, command('released'), actors.holder)).toBe('again');
    expect(outcome(parcels.failed, command('attempt-failed', { reason: 'not-home' }), actors.holder)).toBe(
      'again',
    );
  });

  it('does not count once it says something else', () => {
    const other = command('attempt-failed', { reason: 'refused' });
    expect(outcome(parcels.failed, other, actors.holder)).toBe('wrong-status');
  });

  it('does not count once anything came after it', () => {
    const noted = live(...claimed, ['own store', 'note', { text: 'hurry' }]);
    expect(outcome(noted, command('claimed'), actors.holder)).toBe('wrong-status');
  });

  it('does not count from someone else, or with an id', () => {
    const retried = live(...failed, ['admin', 'retried']);
    expect(outcome(retried, command('retried'), actors.holder)).toBe('wrong-status');
    expect(outcome(parcels.claimed, command('claimed', undefined, 'id'), actors.holder)).toBe('wrong-status');
  });

  it('is never a note: those always append', () => {
    const noted = live(...claimed, ['holder', 'note', { text: 'here' }]);
    expect(outcome(noted, command('note', { text: 'here' }), actors.holder)).toBe('claimed');
  });
});

describe('corrected', () => {
  const correct = (rev: number) => command('corrected', { rev }, 'id');
  const { delivered } = parcels;
  const when = Date.parse(delivered.changedAt);

  it('is open to its author for two minutes, and to dispatch for ever', () => {
    const late = when + limits.correctMs;
    expect(outcome(delivered, correct(delivered.rev), actors.holder, late)).toBe('in-transit');
    expect(outcome(delivered, correct(delivered.rev), actors.holder, late + 1)).toBe('wrong-status');
    expect(outcome(delivered, correct(delivered.rev), actors.admin, late + 1)).toBe('in-transit');
  });

  it('may only name the latest change', () => {
    for (const rev of [1, delivered.rev - 1, delivered.rev + 1]) {
      expect(outcome(delivered, correct(rev), actors.admin, when)).toBe('wrong-status');
    }
  });

  it('can take back a change that has notes after it', () => {
    const noted = live(...claimed, ['own store', 'note', { text: 'hurry' }]);
    expect(outcome(noted, correct(noted.rev - 1), actors.holder)).toBe('ready');
    expect(outcome(noted, correct(noted.rev), actors.holder)).toBe('wrong-status');
  });

  it('never undoes pickup or corrected', () => {
    expect(outcome(live(pickup), correct(1), actors['own store'])).toBe('wrong-status');
    const undone = live(...claimed, ['holder', 'corrected', { rev: 4 }]);
    for (const rev of [4, 5]) expect(outcome(undone, correct(rev), actors.admin)).toBe('wrong-status');
  });

  it('lets a store take back its own cancellation', () => {
    const calledOff = live(pickup, ['own store', 'cancelled']);
    expect(outcome(calledOff, correct(2), actors['own store'])).toBe('ready');
    const byDispatch = live(pickup, ['admin', 'cancelled', { reason: 'fire' }]);
    expect(outcome(byDispatch, correct(2), actors['own store'])).toBe('not-allowed');
  });

  it('restores the holder and the attempts', () => {
    const undone = live(...failed, ['holder', 'corrected', { rev: 6 }]);
    expect(undone).toMatchObject({
      status: 'in-transit',
      attempts: 0,
      holder: { id: 'ana' },
      rev: 7,
      before: null,
    });
    const promisedAgain = live(
      ...claimed,
      ['own store', 'cancelled'],
      ['own store', 'corrected', { rev: 5 }],
    );
    expect(promisedAgain).toMatchObject({ status: 'claimed', holder: { id: 'ana', name: 'Ana' } });
    const handedBack = live(
      ...claimed,
      ['admin', 'reassigned', { driver: 'cem' }],
      ['admin', 'corrected', { rev: 5 }],
    );
    expect(handedBack).toMatchObject({
      status: 'claimed',
      holder: { id: 'ana' },
      drivers: ['ben', 'ana', 'cem'],
    });
  });
});

describe('a driver who lost a parcel', () => {
  const handed = live(...collected, ['admin', 'reassigned', { driver: 'dora', name: 'Dora' }]);
  const released = live(...claimed, ['hub', 'released'], ['other driver', 'claimed']);

  it('[C2] cannot move it any more', () => {
    for (const event of eventNames) {
      if (event === 'note' || event === 'pickup') continue;
      const expected = event === 'claimed' || event === 'in-transit' ? 'taken' : /stale-claim|not-allowed/;
      for (const parcel of [handed, released]) {
        expect([event, outcome(parcel, complete(event, 'holder', parcel), actors.holder)]).toEqual([
          event,
          expect.stringMatching(expected),
        ]);
      }
    }
  });

  it('[C1] is told who has it now', () => {
    expect(() => decide(released, command('claimed'), actors.holder, start)).toThrow(
      expect.objectContaining({ code: 'taken', details: { by: 'Cem', time: released.changedAt } }),
    );
  });
});

describe('what a parcel remembers', () => {
  it('counts failed attempts, and keeps its holder between them', () => {
    const again: readonly Deed[] = [
      ['holder', 'retried'],
      ['holder', 'attempt-failed', { reason: 'refused' }],
    ];
    const parcel = live(...failed, ...again, ...again);
    expect(parcel).toMatchObject({ status: 'failed', attempts: 3, holder: { id: 'ana' } });
  });

  it('knows who holds it, and everyone who did, once each', () => {
    expect(live(pickup).holder).toBeNull();
    expect(live(pickup, ['holder', 'in-transit']).holder).toEqual({ id: 'ana', name: 'Ana' });
    expect(parcels.ready).toMatchObject({ holder: null, drivers: ['ben', 'ana'] });
    expect(parcels.delivered.holder).toEqual({ id: 'ana', name: 'Ana' });
    expect(parcels.cancelled.holder).toBeNull();
    const handed = live(...collected, ['admin', 'reassigned', { driver: 'dora', name: 'Dora' }]);
    expect(handed).toMatchObject({
      status: 'in-transit',
      holder: { id: 'dora', name: 'Dora' },
      drivers: ['ben', 'ana', 'dora'],
    });
  });

  it('[S3] takes a limited number of notes, and its steps go on', () => {
    const rev = limits.notedRevs;
    const parcel = { ...live(['own store', 'pickup']), rev };
    const note = command('note', { text: 'And another thing.' });
    expect(submit({ ...parcel, rev: rev - 1 }, note, actors.admin)).toMatchObject({ rev });
    expect(() => submit(parcel, note, actors.admin)).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(submit(parcel, command('claimed'), actors.holder)).toMatchObject({ status: 'claimed' });
  });

  it('[S3] keeps only the latest of very many drivers', () => {
    const drivers = Array.from({ length: limits.pastDrivers }, (_, i) => `driver ${i}`);
    const parcel = { ...live(['own store', 'pickup']), drivers };
    const claimed = submit(parcel, command('claimed'), actors.holder);
    expect(claimed && apply(parcel, claimed).drivers).toEqual([...drivers.slice(1), 'ana']);
  });

  it('counts every event but notes as a change', () => {
    const noted = live(...claimed, ['customer', 'note', { text: 'third floor' }]);
    expect(noted).toMatchObject({ rev: 5, changedAt: at(3), createdAt: at(0), before: { rev: 4 } });
    expect(noted.latest).toMatchObject({ event: 'note', by: { role: 'customer', id: 'customer' } });
  });

  it('throws for a record out of order, which would be a bug', () => {
    const record = submit(parcels.ready, command('claimed'), actors.holder);
    if (!record) throw new Error('a claim is a record');
    expect(() => apply(parcels.ready, { ...record, rev: record.rev + 1 })).toThrow('Broken invariant');
    expect(() => apply(undefined, record)).toThrow('Broken invariant');
  });
});

// ---- any life at all ----

const detailsOf: Record<string, fc.Arbitrary<object | undefined>> = {
  claimed: fc.constantFrom(undefined, {}, { driver: 'ana' }, { driver: 'dora', name: 'Dora' }),
  delivered: fc.constantFrom(undefined, { outcome: 'mailbox', receivedBy: 'a neighbour' }),
  'attempt-failed': fc.constantFrom(...failReasons).map((reason) => ({ reason })),
  cancelled: fc.constantFrom(undefined, { reason: 'no more' }),
  reassigned: fc.constantFrom({ driver: 'ana' }, { driver: 'cem', name: 'Cem' }),
  corrected: fc.nat(12).map((rev) => ({ rev: rev + 1 })),
  note: fc.constantFrom({ text: 'hello' }, { text: 'help', urgent: true }),
  amended: fc.constantFrom({ address: '1 New Street' }, { phone: '1', note: null }, { phone: null }, {}),
  seen: fc.nat(12).map((rev) => ({ rev: rev + 1 })),
  proof: fc.nat(12).map((rev) => ({ kind: 'scan', text: '4711', rev: rev + 1 })),
};
const anyCommand = fc
  .constantFrom(...eventNames)
  .chain((event) => fc.tuple(fc.constant(event), detailsOf[event] ?? fc.constant(undefined), fc.boolean()))
  .map(([event, details, hasId]) => command(event, details, hasId ? 'id' : undefined));
/** Mostly actors whose commands succeed. */
const anyKind = fc.oneof(fc.constantFrom<Kind>('own store', 'holder', 'admin'), fc.constantFrom(...kinds));
const anyLife = fc.array(fc.tuple(anyKind, anyCommand, fc.nat(90)), { minLength: 20, maxLength: 80 });

describe('any sequence of commands', () => {
  it('is refused with an error of the list or folds into the parcel, record by record', () => {
    const reached = new Set<Status>();
    fc.assert(
      fc.property(anyLife, (steps) => {
        const log: UnnumberedRecord[] = [];
        let parcel: Parcel | undefined;
        let seconds = 0;
        for (const [kind, given, pause] of [['own store', command('pickup'), 0] as const, ...steps]) {
          seconds += pause;
          try {
            const record = submit(parcel, given, actors[kind], seconds);
            if (record) parcel = apply(parcel, record);
            if (record) log.push(record);
          } catch (error) {
            if (!(error instanceof CapsError)) throw error;
          }
          if (parcel) expectSound(parcel, log);
          if (parcel) reached.add(parcel.status);
        }
        // Records that a store wrote and read as JSON fold into the same parcel.
        const stored: UnnumberedRecord[] = JSON.parse(JSON.stringify(log));
        expect(stored.reduce<Parcel | undefined>(apply, undefined)).toEqual(parcel);
      }),
      { numRuns: 200 },
    );
    expect(reached).toEqual(new Set(statuses));
  });
});

function expectSound(parcel: Parcel, log: readonly UnnumberedRecord[]): void {
  const { status, holder, drivers, rev } = parcel;
  const hasHolder = isHeld(status) || status === 'delivered' || status === 'returned';
  const sound =
    log.at(-1)?.rev === rev &&
    log.every((record, i) => record.rev === i + 1) &&
    log.at(-1)?.status === status &&
    (holder !== null) === hasHolder &&
    (holder === null || drivers.includes(holder.id)) &&
    new Set(drivers).size === drivers.length;
  if (!sound) throw new Error(`unsound: ${JSON.stringify(parcel)}`);
  parcelViewSchema.parse(viewOf(parcel));
}
