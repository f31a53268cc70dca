import { expect, it } from 'vitest';
import { parcelLink } from '../../app/parcel-link.ts';
import { scannedCode } from './scanned-code.ts';

const parcel = { store: 'red', orderID: '10 42&x' };

it('a label stands for its order, at whatever address it was printed', () => {
  for (const origin of ['http://192.168.77.5:3000', 'https://hub.example'])
    expect(scannedCode(parcelLink(origin, parcel), parcel)).toEqual({ proof: '10 42&x' });
  expect(scannedCode(' HTTP://HUB:3000/SCAN/?store=red&order=10+42%26x#now ', parcel)).toEqual({
    proof: '10 42&x',
  });
});

it('the label of another order, or of another shop with the same number, proves nothing', () => {
  for (const other of [
    { store: 'red', orderID: '1043' },
    { store: 'blue', orderID: parcel.orderID },
  ])
    expect(scannedCode(parcelLink('http://hub:3000', other), parcel)).toEqual({ other });
});

it('any other code is taken as it is', () => {
  for (const code of [
    ...['4006381333931', 'CAPS red-1', '/scan?store=red&order=1043', 'http://hub/scan?store=red'],
    ...['http://hub/track/x?store=red&order=1043', 'http://hub/scanner?store=red&order=1043', 'http://hub'],
  ])
    expect(scannedCode(code, parcel)).toEqual({ proof: code });
});
