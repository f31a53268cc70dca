import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { placeColumns, takePlace } from './import-place.ts';
import { OrderImport } from './order-import.ts';

beforeEach(() => stubBrowser());
afterEach(restoreBrowser);

test.each([
  [
    ['latitude', 'longitude'],
    [0, 1],
  ],
  [
    ['Lat', 'Lng'],
    [0, 1],
  ],
  [
    ['lon', 'LAT.'],
    [1, 0],
  ],
  [
    ['Breitengrad', 'Längengrad'],
    [0, 1],
  ],
  [
    ['Billing Latitude', 'Billing Longitude', 'Shipping: Latitude', 'Shipping: Longitude'],
    [2, 3],
  ],
  [
    ['lat', 'lng', 'Shipping Address Latitude', 'Shipping Address Longitude'],
    [2, 3],
  ],
  [['Billing Latitude', 'Billing Longitude'], []],
  [['latitude', 'flat'], []],
])('the columns of coordinates among %j', (headings, places) => {
  expect(placeColumns(headings).map(({ at }) => at)).toEqual(places);
});

test.each([
  ['52.52', '13.405', { latitude: 52.52, longitude: 13.405 }],
  ['52,52', '-13,405', { latitude: 52.52, longitude: -13.405 }],
  [52.52, 13, { latitude: 52.52, longitude: 13 }],
  ['91', '13', undefined],
  ['north', '13', undefined],
  ['52.52', undefined, undefined],
  ['52.52', '\u00a0', undefined],
  ['0x34', '13', undefined],
  ['52.52', '-5E-05', { latitude: 52.52, longitude: -0.00005 }],
  [undefined, undefined, {}],
])('%j and %j are degrees, or a fault', (latitude, longitude, expected) => {
  const values = new Map(Object.entries({ latitude, longitude }).filter(([, value]) => value !== undefined));
  expect(takePlace(values) ? Object.fromEntries(values) : undefined).toEqual(expected);
});

test('a shop’s export brings where its orders go; a half is a row to mend', async () => {
  const orders = new OrderImport('red', { seq: () => 0, zone: () => 'UTC', place: () => Promise.reject() });
  const rows = [
    'Customer,Address,Lat,Lng',
    'Hulda,1 Elm Street,52.52,13.405',
    'Otto,2 Elm Street,,',
    'Ida,3 Elm Street,52,',
  ];
  await orders.read(new File([rows.join('\n')], 'a.csv'));
  await vi.advanceTimersByTimeAsync(50);
  const state = orders.state.get();
  expect(state).toMatchObject({
    kind: 'preview',
    good: [
      { order: { customer: 'Hulda', latitude: 52.52, longitude: 13.405 } },
      { order: { customer: 'Otto' } },
    ],
    bad: [{ problems: ['“latitude” and “longitude” must both be degrees, such as 52.52 and 13.40.'] }],
  });
  expect(state).not.toHaveProperty('good.1.order.latitude');
  expect(state).not.toHaveProperty('good.0.order.Lat');
});
