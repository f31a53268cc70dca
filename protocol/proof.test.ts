import { describe, expect, it } from 'vitest';
import { parcelRowOf, toParcel } from '../server/store/rows/rows.ts';
import { admin, ana, red } from '../testkit/simulation/cast.ts';
import { command, key, life, next, nextBy, order, time } from '../testkit/small-life.ts';
import { limits } from './limits.ts';
import type { Actor, Parcel } from './parcel.ts';
import { viewOf } from './parcel-view.ts';

const blob = 'a1'.repeat(32);

const delivered = () => life([ana, 'claimed'], [ana, 'in-transit'], [ana, 'delivered']);
const photo = { kind: 'photo', blob, rev: 4 };

/** As the hub gives it on: with a verdict in place of the PIN. */
const pin = (text: 'right' | 'wrong', rev = 4) => ({ kind: 'pin', text, rev });
function typed(parcel: Parcel, text: 'right' | 'wrong', rev = 4): Parcel | undefined {
  const given = command('proof', { kind: 'pin', text: '0000', rev });
  if (given.event !== 'proof') throw new Error('a proof');
  return nextBy(parcel, ana, { ...given, details: { ...given.details, text } });
}

describe('a proof', () => {
  it('leaves the parcel as it was, so that the delivery can still be taken back', () => {
    const parcel = delivered();
    const proven = next(parcel, ana, 'proof', photo);
    const proofs = [{ ...photo, time }];
    expect(proven).toMatchObject({ ...parcel, rev: 5, latest: { event: 'proof' }, proofs });
    if (!proven) throw new Error('recorded');
    expect(next(proven, ana, 'corrected', { rev: 4 })).toMatchObject({
      status: 'in-transit',
      proofs,
    });
  });

  it('is recorded once, also when another one came in between', () => {
    const parcel = life(
      ...([
        [ana, 'claimed'],
        [ana, 'in-transit'],
        [ana, 'delivered'],
        [ana, 'proof', photo],
      ] as const),
      [admin, 'proof', { kind: 'scan', text: '4711', rev: 4 }],
    );
    expect(next(parcel, ana, 'proof', photo)).toBeUndefined();
    expect(next(parcel, ana, 'proof', { ...photo, rev: 3 })).toMatchObject({ rev: 7 });
  });

  it.each([
    ['a photo without its hash', { kind: 'photo', rev: 1 }, 'details.blob'],
    ['a signature without its hash', { kind: 'signature', rev: 1 }, 'details.blob'],
    ['a hash that is none', { kind: 'photo', blob: blob.toUpperCase(), rev: 1 }, 'details.blob'],
    ['a kind that is none', { kind: 'video', blob, rev: 1 }, 'details.kind'],
    ['a scan without its code', { kind: 'scan', rev: 4 }, 'details.text'],
    ['a PIN of three digits', { kind: 'pin', text: '123', rev: 4 }, 'details.text'],
    ['a verdict in place of a PIN', { kind: 'pin', text: 'right', rev: 4 }, 'details.text'],
    ['no record that it belongs to', { kind: 'scan', text: '4711' }, 'details.rev'],
    ['a record that is not there yet', { ...photo, rev: 5 }, 'details.rev'],
    ['its order, which nobody can prove', { ...photo, rev: 1 }, 'details.rev'],
    ['a claim, after the collection', { ...photo, rev: 2 }, 'details.rev'],
  ])('is refused with %s', (_, details, field) => {
    expect(() => next(delivered(), ana, 'proof', details)).toThrow(
      expect.objectContaining({ code: 'bad-message', details: { field } }),
    );
  });

  it('[S3] is not added without end, and those that are there stay duplicates', () => {
    const proofs = Array.from({ length: limits.proofs }, (_, at) => {
      return [ana, 'proof', { kind: 'scan', text: `code ${at}`, rev: 2 }] as const;
    });
    const full = life([ana, 'claimed'], ...proofs);
    expect(() => next(full, ana, 'proof', { kind: 'scan', text: 'one more', rev: 2 })).toThrow(
      expect.objectContaining({ code: 'too-large', details: { max: limits.proofs } }),
    );
    expect(next(full, ana, 'proof', { kind: 'scan', text: 'code 0', rev: 2 })).toBeUndefined();
    expect(next(full, ana, 'in-transit')).toMatchObject({ status: 'in-transit' });
  });

  it('is known to a hub that was started again', () => {
    const parcel = life([ana, 'claimed'], [ana, 'proof', { kind: 'scan', text: '4711', rev: 2 }]);
    const position = { seq: 1, storeSeq: 1 };
    const row = parcelRowOf({ parcel, first: position, last: position });
    const text = JSON.stringify({ payload: order }).slice(1);
    const joined = { ...row, ...{ p_board: 'on' as const, p_drivers: '[]', p_text: text, p_crc: 0 } };
    expect(toParcel(joined).parcel.proofs).toEqual(parcel.proofs);
  });
});

describe('the record that a proof belongs to', () => {
  it('is one that hands the parcel over, also after it has moved on', () => {
    const parcel = delivered();
    for (const rev of [3, 4]) expect(next(parcel, ana, 'proof', { ...photo, rev })).toMatchObject({ rev: 5 });
    const taken = life([ana, 'in-transit'], [ana, 'delivered'], [ana, 'corrected', { rev: 3 }]);
    for (const rev of [2, 3, 4])
      expect(next(taken, ana, 'proof', { ...photo, rev })).toMatchObject({ rev: 5 });
  });

  it('before the step, is any since the latest change', () => {
    const noted = life([ana, 'claimed'], [admin, 'note', { text: 'Ring.' }]);
    for (const rev of [2, 3]) expect(next(noted, ana, 'proof', { ...photo, rev })).toMatchObject({ rev: 4 });
    expect(() => next(noted, ana, 'proof', { ...photo, rev: 1 })).toThrow(/no collection, delivery/);
  });

  it('is any of a parcel that an older hub has left without them', () => {
    const { handovers: _, ...older } = delivered();
    expect(next(older, ana, 'proof', { ...photo, rev: 2 })).toMatchObject({ rev: 5 });
  });
});

describe('a PIN', () => {
  /** @returns the parcel after so many wrong ones */
  function guessed(times: number, from = delivered()): Parcel {
    return Array.from({ length: times }).reduce<Parcel>((parcel) => {
      const after = typed(parcel, 'wrong');
      if (!after) throw new Error('each try counts');
      return after;
    }, from);
  }

  it('that is right is a proof, once', () => {
    const proven = typed(delivered(), 'right');
    expect(proven).toMatchObject({ proofs: [{ ...pin('right'), time }], latest: { details: pin('right') } });
    if (!proven) throw new Error('recorded');
    expect(typed(proven, 'right')).toBeUndefined();
    expect(typed(proven, 'wrong')).toBeUndefined();
  });

  it('that is wrong is a record each time, and no proof', () => {
    const parcel = guessed(2);
    expect(parcel).toMatchObject({ rev: 6, pinTries: 2, latest: { details: { ...pin('wrong'), tries: 2 } } });
    expect(parcel.proofs).toBeUndefined();
    expect(parcel.urgent).toBeUndefined();
  });

  it('[S3] that was wrong five times is tried again once dispatch has seen it, five times more', () => {
    const parcel = guessed(5);
    expect(parcel.urgent).toEqual({ rev: 9, time, text: 'Five PINs were wrong.', by: 'Ana', about: 'pin' });
    for (const verdict of ['right', 'wrong'] as const) {
      expect(() => typed(parcel, verdict)).toThrow(
        'Five PINs were wrong. Dispatch has to look at this parcel.',
      );
    }
    const seen = next(parcel, admin, 'seen', { rev: 9 });
    expect([seen?.urgent, seen?.pinTries]).toEqual([undefined, undefined]);
    if (!seen) throw new Error('recorded');
    expect(guessed(5, seen)).toMatchObject({ pinTries: 5, urgent: { rev: 15, about: 'pin' } });
  });

  it('[S3] gets no more tries by an urgent note that dispatch has seen', () => {
    const noted = next(guessed(4), ana, 'note', { text: 'No bridge', urgent: true });
    const seen = noted && next(noted, admin, 'seen', { rev: noted.rev });
    if (!seen) throw new Error('recorded');
    expect(() => typed(guessed(1, seen), 'right')).toThrow('Five PINs were wrong.');
  });

  it('[S3] is seen by dispatch beside an urgent note, whichever came first', () => {
    const urgent = { text: 'No bridge', urgent: true };
    const covered = next(guessed(5), ana, 'note', urgent);
    expect(covered?.urgent).toEqual({ rev: 10, time, text: 'No bridge', by: 'Ana', about: 'pin' });
    expect(covered && next(covered, admin, 'seen', { rev: 9 })).toBeUndefined();
    const noted = next(delivered(), ana, 'note', urgent);
    expect(noted && guessed(5, noted).urgent).toMatchObject({ rev: 10, text: 'No bridge', about: 'pin' });
  });

  it('outlives corrections, and is known to a hub that was started again', () => {
    const back = next(guessed(5), ana, 'corrected', { rev: 4 });
    if (!back) throw new Error('recorded');
    const position = { seq: 1, storeSeq: 1 };
    const row = parcelRowOf({ parcel: back, first: position, last: position });
    const text = JSON.stringify({ payload: order }).slice(1);
    const joined = { ...row, ...{ p_board: 'on' as const, p_drivers: '[]', p_text: text, p_crc: 0 } };
    const read = toParcel(joined).parcel;
    expect(read.pinTries).toBe(5);
    expect(() => typed(read, 'right')).toThrow('Five PINs were wrong.');
  });

  it('is the driver’s to type', () => {
    expect(() => next(delivered(), admin, 'proof', { kind: 'pin', text: '1234', rev: 4 })).toThrow(
      expect.objectContaining({ code: 'not-allowed' }),
    );
  });
});

describe('who sees a parcel’s proofs', () => {
  const proven = life(
    ...([
      [ana, 'claimed'],
      [ana, 'in-transit'],
      [ana, 'proof', { kind: 'signature', blob, rev: 3 }],
      [ana, 'note', { text: 'Nobody here', urgent: true }],
      [ana, 'proof', { ...photo, rev: 3 }],
    ] as const),
  );
  const kinds = (reader: Actor) => viewOf(proven, reader).proofs?.map(({ kind }) => kind);

  it('its store, dispatch and who had it see all, its customer the photos', () => {
    for (const reader of [red, admin, ana]) expect(kinds(reader)).toEqual(['signature', 'photo']);
    expect(kinds({ role: 'customer', parcel: key })).toEqual(['photo']);
    expect(kinds({ role: 'driver', driver: 'ben' })).toBeUndefined();
  });

  it('an urgent note is not for its customer', () => {
    expect(viewOf(proven, red).urgent).toMatchObject({ text: 'Nobody here' });
    expect(viewOf(proven, { role: 'customer', parcel: key }).urgent).toBeUndefined();
  });
});
