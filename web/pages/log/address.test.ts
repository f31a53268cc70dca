import { expect, test } from 'vitest';
import { type Address, readAddress, withAddress } from './address.ts';

const nothing: Address = { search: '', searchMode: 'filter', from: undefined, to: undefined, at: undefined };

test('an address is read back as it was written, and foreign parameters stay', () => {
  const full: Address = {
    search: 'store:red "elm street"',
    searchMode: 'highlight',
    from: '2026-11-20T18:03:11.000Z',
    to: '2026-11-20T18:04:11.999Z',
    at: 1_284,
  };
  const href = withAddress('http://hub/log?x=1&at=5#end', full);
  expect(readAddress(new URL(href).search)).toEqual(full);
  expect(withAddress(href, nothing)).toBe('http://hub/log?x=1#end');
});

test('invalid parameters are ignored', () => {
  expect(readAddress('?at=-3&from=soon&look=pretty')).toEqual(nothing);
  expect(readAddress('?from=2026-02-30T10:00:00Z&to=2026-04-31T10:00:00Z')).toEqual(nothing);
});
