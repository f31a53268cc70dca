import { describe, expect, it } from 'vitest';
import { orderAfter } from './amendment-check.ts';
import { limits } from './limits.ts';
import { type Command, parseCommand } from './messages.ts';
import { type Actor, apply, authorOf, decide, type Parcel } from './parcel.ts';

const time = '2026-11-20T18:00:00.000Z';
const key = { store: 'red', orderID: '1' };
const order = { ...key, customer: 'Hulda', address: '835 Meluk Pass', note: 'Ring twice', gift: true };
const red: Actor = { role: 'vendor', store: 'red' };
const admin: Actor = { role: 'admin' };
const ana: Actor = { role: 'driver', driver: 'ana', name: 'Ana' };
const ben: Actor = { role: 'driver', driver: 'ben' };

const command = (event: string, details?: object): Command =>
  parseCommand({ event, payload: event === 'pickup' ? order : key, ...(details ? { details } : {}) });

/** @returns undefined for a repeat */
function next(parcel: Parcel | undefined, actor: Actor, event: string, details?: object): Parcel | undefined {
  const given = command(event, details);
  const decision = decide(parcel, given, actor, Date.parse(time));
  if (decision.kind === 'repeats') return undefined;
  return apply(parcel, {
    ...{ event: given.event, time, status: decision.status, via: 'rest' },
    ...{ rev: (parcel?.rev ?? 0) + 1, payload: orderAfter(parcel?.payload, given), by: authorOf(actor) },
    ...(decision.details ? { details: decision.details } : {}),
  });
}

function life(...deeds: readonly (readonly [Actor, string, object?])[]): Parcel {
  let parcel: Parcel | undefined;
  for (const [actor, event, details] of [[red, 'pickup'] as const, ...deeds]) {
    parcel = next(parcel, actor, event, details);
    if (!parcel) throw new Error(`${event} repeats`);
  }
  if (!parcel) throw new Error('a life needs a deed');
  return parcel;
}

const elsewhere = { address: '1 New Street' };

describe('an amended order', () => {
  it('is the new one from then on, with what was not changed', () => {
    const parcel = life([red, 'amended', { ...elsewhere, note: null, phone: '555 0100' }], [ana, 'claimed']);
    expect(parcel.payload).toEqual({
      ...key,
      customer: 'Hulda',
      ...elsewhere,
      phone: '555 0100',
      gift: true,
    });
    expect(parcel.placed).toEqual(order);
    expect(parcel).toMatchObject({ status: 'claimed', rev: 3, attempts: 0 });
  });

  it('is no other order for a shop that sends it again, as it was or as it is', () => {
    const parcel = life([red, 'amended', elsewhere]);
    for (const payload of [order, { ...order, ...elsewhere }]) {
      const again = parseCommand({ event: 'pickup', payload });
      expect(decide(parcel, again, red, 0)).toEqual({ kind: 'repeats', which: 'first' });
    }
    const other = parseCommand({ event: 'pickup', payload: { ...order, address: 'a third place' } });
    expect(() => decide(parcel, other, red, 0)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('is not recorded again when it says what the order already says', () => {
    expect(next(life(), red, 'amended', { address: order.address, phone: null })).toBeUndefined();
  });

  it('leaves the latest change as it was: it can still be taken back', () => {
    const parcel = life([ana, 'claimed'], [red, 'amended', elsewhere]);
    expect(next(parcel, ana, 'corrected', { rev: 2 })).toMatchObject({
      status: 'ready',
      payload: elsewhere,
    });
  });

  it.each([
    ['nothing', {}, 'details'],
    [
      'a window that ends before it begins',
      { notBefore: '2026-12-02T10:00:00Z', dueAt: '2026-12-02T09:00:00Z' },
      'details.notBefore',
    ],
  ])('is refused with %s', (_, details, field) => {
    expect(() => next(life(), red, 'amended', details)).toThrow(
      expect.objectContaining({ code: 'bad-message', details: { field } }),
    );
  });

  it('is refused with no customer, or a field that nobody may change', () => {
    expect(() => command('amended', { customer: null })).toThrow('details.customer');
    expect(() => command('amended', { gift: false })).toThrow('gift');
    const early = { ...order, notBefore: '2026-12-02T10:00:00Z', dueAt: '2026-12-02T09:00:00Z' };
    expect(() => parseCommand({ event: 'pickup', payload: early })).toThrow('notBefore');
  });

  it('[S3] is not amended without end', () => {
    const parcel = { ...life(), rev: limits.notedRevs };
    expect(() => next(parcel, red, 'amended', elsewhere)).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });
});

describe('what the holder has not seen', () => {
  const held = life([ana, 'claimed'], [red, 'amended', elsewhere]);

  it('is every changed field as they knew it, until they confirm the latest amendment', () => {
    expect(held.unseen).toMatchObject({ rev: 3, was: { address: order.address } });
    const twice = next(held, red, 'amended', { address: '2 New Street', phone: '1' });
    expect(twice?.unseen).toMatchObject({ rev: 4, was: { address: order.address, phone: null } });
    // Seen on a phone that had not heard of the second.
    expect(next(twice, ana, 'seen', { rev: 3 })).toBeUndefined();
    expect(next(twice, ana, 'seen', { rev: 4 })?.unseen).toBeUndefined();
  });

  it('is nothing for an order that nobody held, or that was changed back', () => {
    expect(life([red, 'amended', elsewhere], [ana, 'claimed']).unseen).toBeUndefined();
    expect(next(held, red, 'amended', { address: order.address })?.unseen).toBeUndefined();
  });

  it('stays through steps of the same holder, and ends with a new one or at the end', () => {
    const away = next(held, ana, 'in-transit');
    expect(away?.unseen).toEqual(held.unseen);
    expect(next(away, ana, 'delivered')).not.toHaveProperty('unseen');
    expect(next(held, admin, 'reassigned', { driver: 'ben' })).not.toHaveProperty('unseen');
  });

  it('is confirmed by its holder alone, once', () => {
    expect(() => next(held, ben, 'seen', { rev: 3 })).toThrow(
      expect.objectContaining({ code: 'stale-claim' }),
    );
    expect(() => next(held, red, 'seen', { rev: 3 })).toThrow(
      expect.objectContaining({ code: 'not-allowed' }),
    );
    expect(() => next(held, ana, 'seen', { rev: 9 })).toThrow(
      expect.objectContaining({ code: 'bad-message' }),
    );
    expect(next(held, admin, 'seen', { rev: 3 })).toBeUndefined();
    expect(next(next(held, ana, 'seen', { rev: 3 }), ana, 'seen', { rev: 3 })).toBeUndefined();
  });
});

describe('who gets a parcel back by a correction', () => {
  it('still has to see what was changed before, or while somebody else had it', () => {
    const away = life([ana, 'in-transit'], [admin, 'amended', elsewhere], [ana, 'delivered']);
    expect(next(away, ana, 'corrected', { rev: 4 })?.unseen).toMatchObject({
      rev: 3,
      was: { address: order.address },
    });
    const gone = life(
      [ana, 'claimed'],
      [admin, 'reassigned', { driver: 'ben' }],
      [admin, 'amended', elsewhere],
    );
    expect(next(gone, admin, 'corrected', { rev: 3 })?.unseen).toMatchObject({ rev: 4 });
  });

  it('has seen what they had confirmed', () => {
    const seen = life(
      [ana, 'claimed'],
      [red, 'amended', elsewhere],
      [ana, 'in-transit'],
      [ana, 'seen', { rev: 3 }],
    );
    expect(next(seen, ana, 'corrected', { rev: 4 })).not.toHaveProperty('unseen');
  });
});

describe('an urgent note', () => {
  const urgent = { text: 'The gate is locked', urgent: true };

  it('is for dispatch until it says that it has seen it, also when the parcel is finished', () => {
    const parcel = life([ana, 'in-transit'], [ana, 'note', urgent], [ana, 'delivered']);
    expect(parcel.urgent).toMatchObject({ rev: 3, text: 'The gate is locked', by: 'Ana' });
    expect(next(parcel, admin, 'seen', { rev: 3 })).not.toHaveProperty('urgent');
  });

  it('is a driver’s alone', () => {
    expect(() => next(life(), red, 'note', urgent)).toThrow(expect.objectContaining({ code: 'not-allowed' }));
  });
});
