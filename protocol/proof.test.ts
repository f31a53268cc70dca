import { describe, expect, it } from 'vitest';
import { parcelRowOf, toParcel } from '../server/store/rows/rows.ts';
import { admin, ana } from '../testkit/simulation/cast.ts';
import { life, next, order } from '../testkit/small-life.ts';
import { limits } from './limits.ts';

const blob = 'a1'.repeat(32);

const delivered = () => life([ana, 'claimed'], [ana, 'in-transit'], [ana, 'delivered']);
const photo = { kind: 'photo', blob, rev: 4 };

describe('a proof', () => {
  it('leaves the parcel as it was, so that the delivery can still be taken back', () => {
    const parcel = delivered();
    const proven = next(parcel, ana, 'proof', photo);
    expect(proven).toMatchObject({ ...parcel, rev: 5, latest: { event: 'proof' }, proofs: [photo] });
    if (!proven) throw new Error('recorded');
    expect(next(proven, ana, 'corrected', { rev: 4 })).toMatchObject({
      status: 'in-transit',
      proofs: [photo],
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
      [admin, 'proof', { kind: 'pin', text: 'right at the first try', rev: 4 }],
    );
    expect(next(parcel, ana, 'proof', photo)).toBeUndefined();
    expect(next(parcel, ana, 'proof', { ...photo, rev: 3 })).toMatchObject({ rev: 7 });
  });

  it.each([
    ['a photo without its hash', { kind: 'photo', rev: 1 }, 'details.blob'],
    ['a signature without its hash', { kind: 'signature', rev: 1 }, 'details.blob'],
    ['a hash that is none', { kind: 'photo', blob: blob.toUpperCase(), rev: 1 }, 'details.blob'],
    ['a kind that is none', { kind: 'video', blob, rev: 1 }, 'details.kind'],
    ['no record that it belongs to', { kind: 'pin' }, 'details.rev'],
    ['a record that is not there yet', { ...photo, rev: 5 }, 'details.rev'],
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
    expect(() => next(full, ana, 'proof', { kind: 'pin', rev: 2 })).toThrow(
      expect.objectContaining({ code: 'too-large', details: { max: limits.proofs } }),
    );
    expect(next(full, ana, 'proof', { kind: 'scan', text: 'code 0', rev: 2 })).toBeUndefined();
    expect(next(full, ana, 'in-transit')).toMatchObject({ status: 'in-transit' });
  });

  it('is known to a hub that was started again', () => {
    const parcel = life([ana, 'claimed'], [ana, 'proof', { kind: 'pin', rev: 2 }]);
    const position = { seq: 1, storeSeq: 1 };
    const row = parcelRowOf({ parcel, first: position, last: position });
    const text = JSON.stringify({ payload: order }).slice(1);
    const joined = { ...row, ...{ p_board: 'on' as const, p_drivers: '[]', p_text: text, p_crc: 0 } };
    expect(toParcel(joined).parcel.proofs).toEqual(parcel.proofs);
  });
});
