import { describe, expect, it } from 'vitest';
import { parcelRowOf, toParcel } from '../server/store/rows/rows.ts';
import { admin, ana, ben, red } from '../testkit/simulation/cast.ts';
import { command, key, life, next, order } from '../testkit/small-life.ts';
import { limits } from './limits.ts';
import { parseCommand } from './messages.ts';
import { decide } from './parcel.ts';

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

  it('is the same order with a moment that is written otherwise, and nobody has to see that', () => {
    const due = { dueAt: '2026-11-30T10:00:00Z' };
    const same = { dueAt: '2026-11-30T11:00:00+01:00' };
    expect(next(life([red, 'amended', due]), red, 'amended', same)).toBeUndefined();
    const later = life(
      ...([
        [red, 'amended', due],
        [ana, 'claimed'],
        [red, 'amended', { dueAt: null }],
      ] as const),
    );
    const again = next(later, red, 'amended', same);
    expect(again?.payload).toMatchObject(same);
    expect(again?.unseen).toBeUndefined();
    expect(next(later, red, 'amended', { dueAt: '2026-11-30T11:00:00Z' })?.unseen).toBeDefined();
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

describe('where an order goes', () => {
  const here = { latitude: 47.6097, longitude: -122.3331 };
  const there = { latitude: 47.6205, longitude: -122.3493 };
  const field = (name: string) => expect.objectContaining({ code: 'bad-message', details: { field: name } });

  it('comes with the order, as numbers within range, both or neither', () => {
    const pickup = (more: object) => parseCommand({ event: 'pickup', payload: { ...order, ...more } });
    expect(pickup(here).payload).toMatchObject(here);
    expect(pickup({ latitude: -90, longitude: 180 }).payload).toMatchObject({ latitude: -90 });
    expect(() => pickup({ latitude: 1 })).toThrow('longitude: Is missing');
    expect(() => pickup({ longitude: 1 })).toThrow('latitude: Is missing');
    expect(() => pickup({ ...here, latitude: 90.1 })).toThrow('latitude');
    expect(() => pickup({ ...here, longitude: -180.1 })).toThrow('longitude');
    expect(() => pickup({ ...here, latitude: '47.6' })).toThrow('latitude');
  });

  it('is given, changed and removed by an amendment, which its holder need not confirm', () => {
    const placed = life([ana, 'claimed'], [red, 'amended', here]);
    expect(placed.payload).toMatchObject(here);
    expect(placed.unseen).toBeUndefined();
    expect(next(placed, red, 'amended', here)).toBeUndefined();
    expect(next(placed, red, 'amended', there)?.payload).toMatchObject(there);
    const none = next(placed, red, 'amended', { latitude: null, longitude: null });
    expect(Object.keys(none?.payload ?? {})).not.toContain('latitude');
    for (const half of [{ latitude: 1 }, { latitude: null }, { latitude: 1, longitude: null }])
      expect(() => next(placed, red, 'amended', half)).toThrow(field('details.longitude'));
    expect(() => next(placed, red, 'amended', { longitude: 1 })).toThrow(field('details.latitude'));
  });

  it('is not known any more for another address, unless that comes with its own', () => {
    const placed = life([ana, 'claimed'], [red, 'amended', here]);
    const moved = next(placed, red, 'amended', elsewhere);
    expect(moved?.payload).not.toHaveProperty('latitude');
    expect(moved?.payload).not.toHaveProperty('longitude');
    expect(moved?.unseen?.was).toEqual({ address: order.address });
    expect(next(placed, red, 'amended', { ...elsewhere, ...there })?.payload).toMatchObject(there);
    expect(next(placed, red, 'amended', { address: order.address, phone: '1' })?.payload).toMatchObject(here);
  });

  it('stays what it was for a hub that starts, also where only the address was mended', () => {
    const position = { seq: 1, storeSeq: 1 };
    const placed = { ...order, ...here };
    const p_text = JSON.stringify({ payload: placed }).slice(1);
    const mended = { ...life([red, 'amended', { ...elsewhere, ...here }]), placed };
    for (const parcel of [mended, next(mended, red, 'amended', { address: '2 New Street' }) ?? mended]) {
      const row = parcelRowOf({ parcel, first: position, last: position });
      const back = toParcel({ ...row, p_board: 'on', p_drivers: '[]', p_text, p_crc: 0 });
      expect(back.parcel.payload).toEqual(parcel.payload);
    }
  });

  it('[C4] is refused for an address that somebody changed meanwhile', () => {
    const moved = life([red, 'amended', elsewhere]);
    expect(() => next(moved, admin, 'amended', { ...here, rev: 1 })).toThrow(
      expect.objectContaining({ code: 'conflict', details: { rev: 2, now: elsewhere } }),
    );
    expect(next(moved, admin, 'amended', { ...here, rev: 2 })?.payload).toMatchObject(here);
    // Who says of which address it is has seen it.
    const same = { ...elsewhere, ...here, rev: 1 };
    expect(next(moved, admin, 'amended', same)?.payload).toMatchObject({ ...elsewhere, ...here });
    // Whoever changes the address drops the place in any case.
    const placed = life([red, 'amended', here]);
    expect(next(placed, admin, 'amended', { ...elsewhere, rev: 1 })?.payload).toMatchObject(elsewhere);
  });
});

describe('[C4] two who change an order at once', () => {
  const address = { address: '1 New Street' };
  const changed = life([red, 'amended', address]);

  it('both succeed with different fields', () => {
    const both = next(changed, admin, 'amended', { phone: '555 0100', rev: 1 });
    expect(both?.payload).toEqual({ ...order, ...address, phone: '555 0100' });
    expect(next(both, admin, 'amended', { note: null, rev: 1 })?.payload).not.toHaveProperty('note');
  });

  it('with the same field, the second is told what it says now', () => {
    const second = { address: '2 New Street', note: 'Ring once', rev: 1 };
    expect(() => next(changed, admin, 'amended', second)).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: 'The order was changed after record 1: address is now "1 New Street".',
        details: { rev: 2, now: { address: '1 New Street' } },
      }),
    );
    expect(next(changed, admin, 'amended', { ...second, rev: 2 })?.payload).toMatchObject({
      address: '2 New Street',
    });
    const gone = next(changed, red, 'amended', { note: null });
    expect(() => next(gone, admin, 'amended', { note: 'Ring once', rev: 2 })).toThrow('note is now empty.');
  });

  it('hear of no conflict when they say the same, or nothing of what they saw', () => {
    expect(next(changed, admin, 'amended', { ...address, rev: 1 })).toBeUndefined();
    expect(next(changed, admin, 'amended', { address: '2 New Street' })?.rev).toBe(3);
  });

  it('also when it has been changed back since, or a hub was started in between', () => {
    const back = next(changed, red, 'amended', { address: order.address });
    const position = { seq: 1, storeSeq: 1 };
    const row = parcelRowOf({ parcel: back ?? changed, first: position, last: position });
    const text = JSON.stringify({ payload: order }).slice(1);
    const { parcel } = toParcel({
      ...row,
      ...{ p_board: 'on' as const, p_drivers: '[]', p_text: text, p_crc: 0 },
    });
    expect(parcel).toEqual(back);
    expect(() => next(parcel, admin, 'amended', { address: '2 New Street', rev: 2 })).toThrow(
      expect.objectContaining({ details: { rev: 3, now: { address: order.address } } }),
    );
  });

  it('are refused what they cannot have seen, and a rev alone', () => {
    const field = (name: string) =>
      expect.objectContaining({ code: 'bad-message', details: { field: name } });
    expect(() => next(changed, admin, 'amended', { note: null, rev: 3 })).toThrow(field('details.rev'));
    expect(() => next(changed, admin, 'amended', { rev: 1 })).toThrow(field('details'));
  });

  it('do not find the rev in the order', () => {
    expect(next(changed, admin, 'amended', { phone: '1', rev: 2 })?.payload).not.toHaveProperty('rev');
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
