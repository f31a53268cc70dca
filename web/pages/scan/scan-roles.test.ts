import { expect, it } from 'vitest';
import { parcelIn, parcelLink, withoutParcel } from '../../app/parcel-link.ts';
import { type BrowserOwner, scanRoles } from './scan-roles.ts';

const parcel = { store: 'red', orderID: '10 42&x' };
const nobody: BrowserOwner = { access: 'open', keys: [], driver: undefined, store: undefined };
const rolesOf = (owner: Partial<BrowserOwner>) =>
  scanRoles({ ...nobody, ...owner }, parcel).map(({ role }) => role);

it('a browser opens a parcel as what it is, and as nothing else', () => {
  expect(rolesOf({})).toEqual([]);
  expect(rolesOf({ driver: 'ana' })).toEqual(['driver']);
  expect(rolesOf({ store: 'red' })).toEqual(['vendor']);
  expect(rolesOf({ store: 'red', driver: 'ana' })).toEqual(['driver', 'vendor']);
  // What is left in a browser from another hub, or from before this one had keys, opens nothing.
  expect(rolesOf({ access: 'keyed', store: 'red', driver: 'ana' })).toEqual([]);
  expect(rolesOf({ access: 'keyed', keys: ['driver'], store: 'red', driver: 'ana' })).toEqual(['driver']);
  expect(rolesOf({ access: 'keyed', keys: ['admin'] })).toEqual(['admin']);
});

it('another shop is nobody to a parcel', () => {
  expect(rolesOf({ store: 'blue' })).toEqual([]);
  expect(rolesOf({ access: 'keyed', keys: ['vendor'], store: 'blue' })).toEqual([]);
});

it('the address names the parcel, whatever its ids are, and nothing that is secret', () => {
  const link = parcelLink('http://hub:3000', parcel);
  expect(link).toBe('http://hub:3000/scan?store=red&order=10+42%26x');
  expect(parcelIn(new URL(link).search)).toEqual(parcel);
  const [driver] = scanRoles({ ...nobody, driver: 'ana' }, parcel);
  expect(parcelIn(new URL(driver?.link ?? '', link).search)).toEqual(parcel);
  expect(parcelIn('?store=red')).toBeUndefined();
  const address = 'http://hub/vendor?store=red&order=1&day=today';
  expect(withoutParcel(address)).toBe('http://hub/vendor?day=today');
  expect(withoutParcel(address, 'store')).toBe('http://hub/vendor?store=red&day=today');
});
