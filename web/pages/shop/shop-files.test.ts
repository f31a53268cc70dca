/** Files as shops send them, read as they are: testkit/shop-files. */

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { badRowsTable } from './bad-rows.ts';
import { rememberMapping } from './import-mapping.ts';
import { sheetOf as readSheet, rowsIn, type Sheet } from './import-sheet.ts';
import { readWorkbook } from './workbook.ts';

const purpose = { store: 'red', zone: 'Europe/Berlin', now: Date.parse('2026-11-28T06:00Z') };
const storage = new Map<string, string>();

beforeEach(() => {
  storage.clear();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, value: string) => storage.set(name, value),
  });
});
afterEach(() => void vi.unstubAllGlobals());

const sheetOf = (bytes: Uint8Array<ArrayBuffer>, at?: number) =>
  readSheet({ bytes, store: 'red', at, readWorkbook: async (file, place) => readWorkbook(file, place) });
const fileOf = (name: string) => new Uint8Array(readFileSync(`testkit/shop-files/${name}`));
const textSheet = (text: string) => sheetOf(new TextEncoder().encode(text));

async function rowsOf(sheet: Sheet) {
  const rows = await rowsIn(sheet, undefined, purpose);
  return {
    rows,
    good: rows.filter(({ problems }) => problems.length === 0),
    bad: rows.filter((row) => row.problems.length > 0),
  };
}

/** What is downloaded of the rows with errors, and read again. */
async function mended(sheet: Sheet, change: (table: string) => string = (table) => table) {
  const { bad } = await rowsOf(sheet);
  const table = badRowsTable(
    sheet,
    bad.map((row) => ({ row, problems: row.problems })),
    false,
  );
  return { table, ...(await rowsOf(await textSheet(change(table)))) };
}

const linesOf = (rows: readonly { line: number; problems: readonly string[] }[]) =>
  rows.map(({ line, problems }) => [line, ...problems]);

test('Shopify’s export of orders', async () => {
  const sheet = await sheetOf(fileOf('shopify-orders.csv'));
  expect(sheet).toMatchObject({ kind: 'foreign', guess: { isSure: true, mapping: { keepsOthers: false } } });
  const { good, bad } = await rowsOf(sheet);
  expect(good.map(({ order }) => order)).toEqual([
    {
      store: 'red',
      orderID: '#1001',
      customer: 'Élodie Marchand',
      address: '14 Rose Lane, Flat 2, Springfield 01103',
      phone: '+1 413 555 0101',
      email: 'elodie@example.com',
      note: 'Ring twice.\nLeave with "Ada" at no. 9, please',
    },
    {
      store: 'red',
      orderID: '#1002',
      customer: 'Ben Okoro',
      address: '199 Abbey Court, Springfield 01104',
      email: 'ben@example.com',
    },
  ]);
  expect(good[0]?.moreLines).toEqual([4]);
  // A gift card, which nobody delivers.
  expect(linesOf(bad)).toEqual([[6, 'The customer is missing.', 'The address is missing.']]);
});

test('WooCommerce’s export by a plug-in', async () => {
  const sheet = await sheetOf(fileOf('woocommerce-orders.csv'));
  expect(sheet).toMatchObject({ guess: { isSure: true } });
  const { good, bad } = await rowsOf(sheet);
  expect(good.map(({ order }) => order)).toEqual([
    {
      store: 'red',
      orderID: '8123',
      customer: 'Jürgen Weiß',
      address: 'Hauptstraße 5, 2. OG, Köln 50667',
      phone: '0151 5550102',
      email: 'j.weiss@example.com',
      note: 'Bitte hinten klingeln',
    },
  ]);
  // To be collected by the customer.
  expect(bad.map(({ line }) => line)).toEqual([4]);
});

describe('a florist’s list', () => {
  const orders = [
    { customer: 'Marchand, Mélodie', address: 'Rosenweg 14, Köln', dueAt: '2026-11-28T13:30:00.000Z' },
    { customer: 'Okoro, Ben', address: 'Haus "Abtei" 199, Köln', dueAt: '2026-11-28T15:00:00.000Z' },
  ];
  const noDay = '“30.2.2026 9:00” is no due time; 30 February 2026 does not exist.';

  test('by hand, in the letters of Windows', async () => {
    const sheet = await sheetOf(fileOf('florist-by-hand.csv'));
    expect(sheet).toMatchObject({ guess: { isSure: true } });
    const { good, bad } = await rowsOf(sheet);
    expect(good.map(({ order }) => order)).toMatchObject([
      { ...orders[0], customer: 'Marchand, Élodie' },
      orders[1],
    ]);
    expect(linesOf(bad)).toEqual([[7, noDay]]);
    const again = await mended(sheet, (table) => table.replaceAll('30.2.2026', '1.3.2027'));
    expect(again.table).toContain(`caps:problem,Name,Straße,Ort`);
    expect(again.table).toContain(noDay);
    expect(again.good).toMatchObject([
      { order: { customer: 'Kowalski, Zoë', dueAt: '2027-03-01T08:00:00.000Z' }, problems: [] },
    ]);
    expect(Object.keys(again.good[0]?.order ?? {})).not.toContain('caps:problem');
  });

  test('as a workbook: the first sheet with rows, dates as dates, ids as they are shown', async () => {
    const sheet = await sheetOf(fileOf('florist-workbook.xlsx'));
    expect(sheet).toMatchObject({
      guess: { isSure: true },
      workbook: { names: ['Notizen', 'Bestellungen', 'Preise'], at: 1 },
    });
    const { good, bad } = await rowsOf(sheet);
    expect(good.map(({ order }) => order)).toMatchObject([
      { ...orders[0], address: 'Rosenweg 14, 01103 Köln', orderID: '0042', phone: '491515550101' },
      { ...orders[1], address: 'Haus "Abtei" 199, 50667 Köln', orderID: '0043' },
    ]);
    expect(good[0]?.order['Karte']).toBe('Alles Gute\nzum "Geburtstag" & mehr');
    expect(linesOf(bad)).toEqual([[6, noDay]]);
    expect((await mended(sheet)).bad.map(({ problems }) => problems)).toEqual([[noDay]]);
    await expect(sheetOf(fileOf('florist-workbook.xlsx'), 2)).resolves.toMatchObject({
      lines: [],
      workbook: { at: 2 },
    });
  });
});

test('a lunch run with tabs: a torn row stays wrong until it is mended', async () => {
  const sheet = await sheetOf(fileOf('uk-lunch-run.tsv'));
  const { good, bad } = await rowsOf(sheet);
  expect(good.map(({ order }) => order)).toMatchObject([
    { orderID: '0042', dueAt: '2026-11-30T13:30:00.000Z' },
  ]);
  expect(bad.map(({ line }) => line)).toEqual([4]);
  const again = await mended(sheet);
  expect([again.good.length, again.bad.length]).toEqual([0, 1]);
});

test('a row with too many cells stays wrong until it is mended', async () => {
  const sheet = await textSheet('customer,address\nAna,1 Main St, rear\nBo,2 Road\n');
  const again = await mended(sheet);
  expect([again.good.length, again.bad.length]).toEqual([0, 1]);
});

test('ids and phone numbers that are guarded for spreadsheets come back the same', async () => {
  const sheet = await textSheet('id,customer,address,phone\n"=""0042""",=a,,\'+1 413 555 0101\n');
  const again = await mended(sheet, (table) => table.replace(",'=a,,", ",'=a,1 Road,"));
  expect(again.good).toMatchObject([
    { order: { orderID: '0042', customer: '=a', phone: '+1 413 555 0101' } },
  ]);
});

test('a day that may be either is asked about once, and the choice is this shop’s', async () => {
  const text = 'customer,address,due\na,b,03/04/2027 9:00\nc,d,5/5/2027 9:00\n';
  const sheet = await textSheet(text);
  if (sheet.kind !== 'foreign') throw new Error(sheet.kind);
  expect(sheet.guess.isSure).toBe(false);
  expect((await rowsOf(sheet)).bad.map(({ line }) => line)).toEqual([2]);
  rememberMapping('red', sheet.headings, { ...sheet.guess.mapping, dayOrder: 'mdy' });
  const again = await textSheet(text);
  expect(again).toMatchObject({ guess: { isSure: true } });
  expect((await rowsOf(again)).good[0]?.order.dueAt).toBe('2027-03-04T08:00:00.000Z');
  // What the column tells comes before what was chosen.
  const clear = await textSheet(`${text}e,f,30/11/2027 9:00\n`);
  expect((await rowsOf(clear)).good[0]?.order.dueAt).toBe('2027-04-03T07:00:00.000Z');
  const other = await readSheet({ bytes: new TextEncoder().encode(text), store: 'blue' });
  expect(other).toMatchObject({ guess: { isSure: false } });
});

test.each([
  [
    '28.3.2027 2:30',
    '“28.3.2027 2:30” does not exist: the clocks are set forward over it that night. Choose another time.',
  ],
  [
    '25.10.2026 2:30',
    '“25.10.2026 2:30” comes twice, because the clocks are set back that night; write 2026-10-25T00:30:00.000Z or 2026-10-25T01:30:00.000Z.',
  ],
])('a time in the night in which clocks change is not guessed: %s', async (due, why) => {
  const { bad } = await rowsOf(await textSheet(`customer,address,due\na,b,${due}\n`));
  expect(bad.map(({ problems }) => problems)).toEqual([[why]]);
});

test('columns that nobody named are guessed by what stands in them, and shown for a look', async () => {
  const sheet = await textSheet(
    'A,B,C,D,E\n17,Hulda Parker,835 Meluk Pass,h@p.example,30.11.2099 14:30\n18,Ben Okoro,Elm Street 9,b@o.example,1.12.2099 9 Uhr\n',
  );
  expect(sheet).toMatchObject({
    guess: {
      isSure: false,
      mapping: { columns: { orderID: [0], customer: [1], address: [2], email: [3], dueAt: [4], phone: [] } },
    },
  });
});

test('a day of the past is no due time by its look, and neither a phone number nor an id', async () => {
  const sheet = await textSheet('A,B,C\nHulda Parker,835 Meluk Pass,2020-11-28\n');
  expect(sheet).toMatchObject({ guess: { mapping: { columns: { dueAt: [], phone: [], orderID: [] } } } });
});
