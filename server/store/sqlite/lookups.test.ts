import { expect, test } from 'vitest';
import { DamagedError } from '../store.ts';
import { Lookups } from './lookups.ts';

const key = { store: 'red', orderID: '1' };
const head = { seq: 0, time: '' };

function failing(error: Error): Lookups {
  const fail = () => {
    throw error;
  };
  return new Lookups(head, { parcel: fail, command: fail });
}

test('a disk that cannot be read fails the commit, although a decision went on without the answer', () => {
  const error = new Error('disk I/O error');
  for (const look of [
    (of: Lookups) => of.parcel(key),
    (of: Lookups) => of.command({ actor: 'a', id: 'b' }),
  ]) {
    const lookups = failing(error);
    expect(() => look(lookups)).toThrow(error);
    expect(() => lookups.check()).toThrow(error);
  }
});

test('a damaged row costs only who asks for it', () => {
  const lookups = failing(new DamagedError('record 1'));
  expect(() => lookups.parcel(key)).toThrow(DamagedError);
  expect(() => lookups.check()).not.toThrow();
});
