import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rememberMapping, withColumn } from './import-mapping.ts';
import { type ForeignSheet, rowsIn, sheetOf } from './import-sheet.ts';

const storage = new Map<string, string>();
beforeEach(() => {
  storage.clear();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, value: string) => storage.set(name, value),
  });
});

afterEach(() => void vi.unstubAllGlobals());

async function theirs(text: string | Uint8Array<ArrayBuffer>): Promise<ForeignSheet> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const sheet = await sheetOf({ bytes, store: 'red' });
  if (sheet.kind === 'own') throw new Error('It was taken for a table of ours.');
  return sheet;
}
const purpose = { store: 'red', zone: 'Europe/Berlin', now: Date.parse('2026-11-30T08:00Z') };
const rows = (sheet: ForeignSheet) => rowsIn(sheet, undefined, purpose);
/** A line with a cell for each column; cells that are not given are empty. */
const lineOf = (columns: readonly string[], cells: Readonly<Record<string, string>>, delimiter = ',') =>
  columns.map((name) => cells[name] ?? '').join(delimiter);

describe('Shopify’s export of orders', () => {
  const many = Array.from({ length: 40 }, (_, i) => `Tax ${i} Value`);
  const columns = [
    'Name,Email,Shipping,Shipping Method,Created at,Lineitem quantity,Lineitem name,Billing Name,Billing Street',
    'Billing City,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping City,Shipping Zip',
    'Shipping Phone,Notes,Id,Phone,Vendor,Next Payment Due At',
    ...many,
  ].flatMap((names) => names.split(','));
  const file = [
    columns.join(','),
    lineOf(columns, {
      Name: '#1001',
      Email: 'a@b.c',
      'Created at': '2026-11-28 09:12:44 +0100',
      'Lineitem name': '"Roses, red"',
      'Billing Name': 'Ben Okoro',
      'Billing Street': '9 Elm',
      'Shipping Name': 'Élodie Marchand',
      'Shipping Street': '"14 Rose Lane, Flat 2"',
      'Shipping Address1': '14 Rose Lane',
      Id: '551234',
      'Shipping Address2': 'Flat 2',
      'Shipping City': 'Springfield',
      'Shipping Zip': "'01103",
      'Shipping Phone': "'+1 413 555 0101",
      Notes: '"Ring twice.\nAsk for ""Ada"""',
    }),
    lineOf(columns, { Name: '#1001', 'Lineitem name': 'Card', 'Lineitem quantity': '2' }),
    lineOf(columns, { Name: '#1002', 'Lineitem name': 'Gift card', 'Billing Name': 'Zoë', Id: '551235' }),
  ].join('\r\n');

  test('needs no question: rows of one order are merged, and unneeded columns are left out', async () => {
    const sheet = await theirs(file);
    expect(sheet.guess).toMatchObject({ isSure: true, mapping: { keepsOthers: false } });
    const [first, second, ...more] = await rows(sheet);
    expect(first).toMatchObject({ line: 2, moreLines: [4], problems: [] });
    expect(first?.order).toEqual({
      store: 'red',
      orderID: '#1001',
      customer: 'Élodie Marchand',
      phone: '+1 413 555 0101',
      email: 'a@b.c',
      address: '14 Rose Lane, Flat 2, Springfield 01103',
      note: 'Ring twice.\nAsk for "Ada"',
    });
    expect(second).toMatchObject({
      line: 5,
      label: '#1002',
      problems: ['The customer is missing.', 'The address is missing.'],
    });
    expect(more).toEqual([]);
  });
});

describe('WooCommerce’s', () => {
  const columns = [
    'Order ID,Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing)',
    'Phone (Billing),First Name (Shipping),Last Name (Shipping),Address 1&2 (Shipping),City (Shipping)',
    'Postcode (Shipping),Item Name',
  ].flatMap((names) => names.split(','));
  const fileOf = (number: string) =>
    [
      `\uFEFF${columns.join(';')}`,
      lineOf(
        columns,
        {
          'Order ID': '8123',
          'Order Number': number,
          'Order Date': '2026-11-28 09:12',
          'Item Name': 'Rosen',
          'First Name (Shipping)': 'Jürgen',
          'Last Name (Shipping)': 'Weiß',
          'City (Shipping)': 'Köln',
          'Address 1&2 (Shipping)': 'Hauptstraße 5, 2. OG',
          'Postcode (Shipping)': '50667',
          'First Name (Billing)': 'Ada',
          'Last Name (Billing)': 'Ott',
          'Phone (Billing)': '0151 5550102',
        },
        ';',
      ),
      lineOf(columns, { 'Order ID': '8123', 'Order Number': number, 'Item Name': 'Kerzen' }, ';'),
    ].join('\r\n');

  test('needs no question if two id columns are equal', async () => {
    const sheet = await theirs(fileOf('8123'));
    expect(sheet.guess.isSure).toBe(true);
    expect((await rows(sheet)).map(({ order, problems }) => [order, problems])).toEqual([
      [
        {
          store: 'red',
          orderID: '8123',
          customer: 'Jürgen Weiß',
          phone: '0151 5550102',
          address: 'Hauptstraße 5, 2. OG, Köln 50667',
        },
        [],
      ],
    ]);
  });

  test('asks if two id columns differ, and remembers the choice', async () => {
    const sheet = await theirs(fileOf('W-7'));
    expect(sheet.guess.isSure).toBe(false);
    const chosen = withColumn(sheet.guess.mapping, 'orderID', 0, 1);
    rememberMapping('red', sheet.headings, chosen);
    const again = await theirs(fileOf('W-7'));
    expect(again.guess).toEqual({ mapping: chosen, isSure: true });
    expect((await rows(again))[0]?.order.orderID).toBe('W-7');
    // Files with other columns ask again.
    expect((await theirs('Order ID,Order Number,customer,address\n1,2,a,b\n')).guess.isSure).toBe(false);
  });

  test('ignores invalid entries in the browser’s storage', async () => {
    for (const nonsense of [
      '[',
      '{}',
      '[1,{"key":1}]',
      '[{"key":"x","mapping":{"columns":{"orderID":[99]}}}]',
    ]) {
      storage.set('caps.import-columns', nonsense);
      expect((await theirs(fileOf('8123'))).guess.isSure).toBe(true);
    }
  });
});

test('a florist’s list with a title, German letters, and day and time in two columns', async () => {
  const text = [
    'Bestellungen 28.11.2026;;;;',
    'Name;Straße;Ort;Lieferdatum;Uhrzeit;Handy;Karte',
    'Marchand, Mélodie;Rosenweg 14;Köln;28.11.2026;14:30;0151 5550101;"Alles Gute\r\nzum Geburtstag"',
    'Okoro, Ben;"Haus ""Abtei"" 199";Köln;28.11.2026;bis 16 Uhr;;',
    ';;;;;;',
    'Kowalski, Zoë;Ulmenstr. 12;Köln;30.2.2026;9:00;;',
  ].join('\r\n');
  const sheet = await theirs(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));
  expect(sheet.guess.isSure).toBe(true);
  const [first, second, ...bad] = await rows(sheet);
  expect(second).toMatchObject({ line: 5, problems: [], order: { dueAt: '2026-11-28T15:00:00.000Z' } });
  expect(first).toMatchObject({
    line: 3,
    problems: [],
    order: {
      customer: 'Marchand, Mélodie',
      address: 'Rosenweg 14, Köln',
      phone: '0151 5550101',
      dueAt: '2026-11-28T13:30:00.000Z',
      Karte: 'Alles Gute\r\nzum Geburtstag',
    },
  });
  expect(bad.map(({ line, problems }) => [line, ...problems])).toEqual([
    [7, '“30.2.2026 9:00” is no due time; 30 February 2026 does not exist.'],
  ]);
});

test('a lunch list with sep=, tabs, leading zeros, a day first and times alone, which are today’s', async () => {
  const text =
    'sep=\t\nOrder\tWho\tWhere\tBy\n0042\tHulda\t835 Meluk Pass\t30/11/2026 2:30 PM\n0043\t"Smith, Ana"\t"1 Main St" rear\t12:15\n0044\tBo\t2 Road\t12:15\n';
  const sheet = await theirs(text);
  expect(sheet.guess.isSure).toBe(true);
  expect(
    (await rows(sheet)).map(({ line, order, problems }) => [line, order.dueAt, problems.length]),
  ).toEqual([
    [3, '2026-11-30T13:30:00.000Z', 0],
    [4, '2026-11-30T11:15:00.000Z', 1],
    [5, '2026-11-30T11:15:00.000Z', 0],
  ]);
});

describe('the guess of columns', () => {
  const guess = async (headings: string, ...lines: string[]) =>
    (await theirs([headings, ...lines].join('\n'))).guess;

  test.each([
    ['customer,address,name', true],
    ['Kunde,Adresse', true],
    ['nom,adresse,ville', true],
    ['recipient,street,zip,town', true],
    ['first name,last name,street', true],
    ['customer,customer,address', false],
    ['name,recipient,address', false],
    ['who,contact,address', false],
    ['order id,reference,customer,address', false],
    ['person,place', false],
    ['customer,place of delivery', false],
  ])('%s: sure is %s', async (headings, isSure) => {
    expect((await guess(headings, 'a,b,c,d', 'e,f,g,h')).isSure).toBe(isSure);
  });

  test('takes a column “Name” for order numbers only if it holds numbers', async () => {
    expect((await guess('Name,address', 'Hulda,b')).mapping.columns).toMatchObject({
      customer: [0],
      orderID: [],
    });
    expect((await guess('Name,recipient,address', '#12,Hulda,b')).mapping.columns).toMatchObject({
      customer: [1],
      orderID: [0],
    });
  });

  test('takes a first line without headings for an order', async () => {
    const sheet = await theirs('Hulda,1 Road\nBen,2 Road\n');
    expect(sheet.guess).toMatchObject({ isSure: false, mapping: { isBare: true, keepsOthers: false } });
    const chosen = withColumn(withColumn(sheet.guess.mapping, 'customer', 0, 0), 'address', 0, 1);
    expect((await rowsIn(sheet, chosen, purpose)).map(({ line, order }) => [line, order.customer])).toEqual([
      [1, 'Hulda'],
      [2, 'Ben'],
    ]);
  });

  test('moves a column from one field to another, without leaving a gap', async () => {
    const start = (await guess('id,customer,street,city', 'a,b,c,d')).mapping;
    expect(start.columns.address).toEqual([2, 3]);
    const moved = withColumn(start, 'customer', 1, 2);
    expect([moved.columns.customer, moved.columns.address]).toEqual([[1, 2], [3]]);
    expect(withColumn(start, 'address', 0, undefined).columns.address).toEqual([3]);
  });
});

test('merges equal rows of an order; different ones are a fault', async () => {
  const [first, ...more] = await rows(
    await theirs('id,customer,address,Colour\n1,a,b,red\n1,a,b,red\n1,,,blue\n1,a,b,blue\n1,a,c,red\n'),
  );
  expect(first).toMatchObject({ line: 2, order: { Colour: 'red' } });
  expect(more.map(({ line, problems }) => [line, ...problems])).toEqual([
    [5, 'The order id “1” stands in line 2 already.'],
    [6, 'The order id “1” stands in line 2 already.'],
  ]);
});
