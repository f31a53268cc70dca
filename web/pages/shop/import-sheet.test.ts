import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idProblem, isVisible } from '../../../protocol/characters.ts';
import { limits } from '../../../protocol/limits.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { orderIdOf } from './import-id.ts';
import { rowsMax } from './import-limits.ts';
import { sheetOf as readSheet, rowsIn } from './import-sheet.ts';
import { template, tableOf as writeTable } from './order-table.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const head = 'orderID,customer,address,dueAt,phone,note\n';
const purpose = { store: 'red', zone: 'Europe/Berlin', now: Date.parse('2026-11-30T08:00Z') };
const sheetOf = (bytes: Uint8Array<ArrayBuffer>) => readSheet({ bytes, store: 'red' });
const rowsOf = async (text: string) => rowsIn(await sheetOf(bytesOf(text)), undefined, purpose);
const orders = (rows: string, columns = head) => rowsOf(columns + rows);
const problems = async (rows: string, columns = head) =>
  (await orders(rows, columns)).flatMap((row) => row.problems);

test('reads orders by known headings in any spelling, and keeps unknown columns', async () => {
  const [row] = await orders(
    "7,Hulda,1 Road,'=2+2,2100-01-01T14:30Z\n",
    'Order ID,Name,ADDRESS,Colour,due time\n',
  );
  expect(row).toEqual({
    line: 2,
    moreLines: [],
    label: 'Hulda',
    problems: [],
    order: {
      store: 'red',
      orderID: '7',
      customer: 'Hulda',
      address: '1 Road',
      Colour: '=2+2',
      dueAt: '2100-01-01T14:30Z',
    },
  });
});

test('trims cells, and takes no time for many blanks within one', async () => {
  const name = `a${' '.repeat(60_000)}b`;
  // CPU time, because a busy machine distorts wall time.
  const began = process.cpuUsage();
  const rows = await orders(`,\u200B ${name} \uFEFF,1 Road,,,\n`.repeat(4));
  expect(rows.map(({ order }) => order.customer)).toEqual([name, name, name, name]);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
}, 60_000);

test('removes forbidden characters from cells', async () => {
  const [row] = await orders(',Hul\u202eda\u009b,1 Ro\u200badx,,\u202a+1 206 555 0199\u202c,\n');
  expect(row).toMatchObject({
    problems: [],
    order: { customer: 'Hulda', address: '1 Ro\u200badx', phone: '+1 206 555 0199' },
  });
});

test('a window has two ends, of which the first may leave out the day', async () => {
  const columns = 'customer,address,earliest,due,email\n';
  const [whole, short, ...wrong] = await orders(
    [
      'Zoë,1 Road,2100-01-01T08:00Z,2100-01-01T09:00Z,zoe@flowers.example',
      'Ola,2 Road,14:00,30.11.2100 16:00,',
      'Ana,3 Road,2100-01-01 16:00,2100-01-01 14:00,',
      'Ben,4 Road,from two,2100-01-01 14:00,',
    ].join('\n'),
    columns,
  );
  expect(whole?.order).toMatchObject({
    notBefore: '2100-01-01T08:00Z',
    dueAt: '2100-01-01T09:00Z',
    email: 'zoe@flowers.example',
  });
  expect(short?.order).toMatchObject({
    notBefore: '2100-11-30T13:00:00.000Z',
    dueAt: '2100-11-30T15:00:00.000Z',
  });
  expect(wrong.map((row) => row.problems)).toEqual([
    ['It ends before it begins: “notBefore” is after “dueAt”.'],
    ['“from two” is no time to begin at; write it as 2026-11-30 14:30.'],
  ]);
});

test('a line that says the same again is no second order, and is not hidden', async () => {
  const rows = await orders('7,Hulda,1 Road,,,\n8,Ben,2 Road,,,\n7,Hulda,1 Road,,,\n');
  expect(rows.map(({ line, moreLines }) => [line, moreLines])).toEqual([
    [2, [4]],
    [3, []],
  ]);
});

describe('an exported table', () => {
  test('of a version without windows is still known as ours', async () => {
    const old =
      'orderID,customer,address,dueAt,phone,note,weight:json,status,driver,attempts,createdAt,changedAt';
    const [row] = await rowsOf(`${old}\r\n7,Hulda,1 Road,,,Ring,3,ready,,0,2026,2026\r\n`);
    expect(row?.order).toEqual({
      store: 'red',
      orderID: '7',
      customer: 'Hulda',
      address: '1 Road',
      note: 'Ring',
      weight: 3,
    });
  });

  test('of a version without columns of deliveries is still known as ours', async () => {
    const old =
      'orderID,customer,address,notBefore,dueAt,phone,email,note,proof,status,driver,attempts,createdAt,changedAt';
    const [row] = await rowsOf(`${old}\r\n7,Hulda,1 Road,,,,,,ours,delivered,Ana,0,2026,2026\r\n`);
    expect(row?.problems).toEqual([]);
    expect(row?.order).toEqual({
      store: 'red',
      orderID: '7',
      customer: 'Hulda',
      address: '1 Road',
      proof: 'ours',
    });
  });

  const viewOf = (payload: ParcelView['payload']): ParcelView => ({
    payload,
    status: 'delivered',
    rev: 3,
    attempts: 0,
    holder: { id: 'ana', name: 'Ana' },
    createdAt: '2026-01-01T00:00:00.000Z',
    changedAt: '2026-01-01T00:00:00.000Z',
  });
  const tableOf = (parcels: readonly ParcelView[]) =>
    writeTable(parcels, {
      zone: 'Europe/Berlin',
      factsOf: ({ payload }) =>
        payload.orderID === 'none'
          ? undefined
          : {
              ...{ deliveredAt: '2026-11-30T12:00:00.000Z', outcome: 'third-party', receivedBy: '=Zoë, 2nd' },
              ...{ reason: 'not-home', proofs: ['photo', 'signature'] },
            },
      linkTo: ({ payload }) => `http://hub/scan?store=red&order=${payload.orderID}`,
    });
  const again = async (payloads: readonly ParcelView['payload'][]) => {
    const rows = await rowsOf(tableOf(payloads.map(viewOf)));
    expect(rows.flatMap((row) => row.problems)).toEqual([]);
    return rows.map(({ order }) => order);
  };
  const order = {
    store: 'red',
    orderID: '-1',
    customer: '=a',
    address: '1, "High" Street\nleft',
    notBefore: '2100-01-01T12:30:00+01:00',
    email: 'a@flowers.example',
  };

  test('is imported as it was, without the hub’s columns', async () => {
    expect(tableOf([viewOf(order)])).toContain("'-1,'=a,");
    expect(await again([{ ...order, weight: '3', dueAt: '2100-01-01T14:30:00+01:00' }])).toEqual([
      { ...order, weight: '3', dueAt: '2100-01-01T14:30:00+01:00' },
    ]);
  });

  test('says when, to whom and after how much an order was delivered, by the shop’s clocks', () => {
    const [head, line] = tableOf([viewOf({ ...order, orderID: '1042' })]).split('\r\n');
    expect(head).toContain(
      ',status,driver,attempts,reason,deliveredAt,outcome,receivedBy,proof,link,createdAt,changedAt',
    );
    expect(line).toContain(
      ',delivered,Ana,0,not-home,2026-11-30T13:00:00+01:00,third-party,"\'=Zoë, 2nd",photo signature,http://hub/scan?store=red&order=1042,2026-01-01T01:00:00+01:00,2026-01-01T01:00:00+01:00',
    );
    const [, ready] = tableOf([viewOf({ ...order, orderID: 'none' })]).split('\r\n');
    expect(ready).toContain(',delivered,Ana,0,,,,,,http://hub/');
  });

  test('keeps keys with names of our columns or of Object.prototype', async () => {
    const more = { name: 'Bouquet', id: '5', order: 'x', status: 'paid', proof: 'no', constructor: 'c' };
    const other = { ...order, orderID: '2', toString: 'd', createdAt: 'y', valueOf: '' };
    expect(await again([{ ...order, ...more }, other])).toEqual([{ ...order, ...more }, other]);
  });

  test('keeps any value of an order: texts, numbers, lists, line breaks', async () => {
    const sign = fc.constantFrom(
      ...'=+-@\'"\t\r\n ,;|\u200B\u00A0\uFEFF0é{[:'.split(''),
      'json',
      '0042',
      '1e3',
    );
    const text = fc.string({ unit: fc.oneof(sign, fc.constantFrom(...'abc')), maxLength: 8 });
    const some = text.filter((value) => value !== '');
    const id = some.filter((value) => idProblem(value) === undefined);
    const seen = some.filter(isVisible);
    const names = fc.constantFrom(
      'name',
      'id',
      'order',
      'status',
      'constructor',
      'a:json',
      '',
      'store ',
      'note2',
    );
    const key = fc
      .oneof(names, text)
      .filter((name) => !(name in order) && !/^(__proto__|dueAt|phone|note)$/.test(name));
    // JSON has no -0.
    const value = fc.oneof(
      text,
      fc.jsonValue({ maxDepth: 2 }).map((json) => JSON.parse(JSON.stringify(json))),
    );
    const payload = fc
      .record({
        orderID: id,
        customer: seen,
        address: seen,
        note: fc.option(some, { nil: undefined }),
        more: fc.dictionary(key, value, { maxKeys: 4 }),
      })
      .map(({ orderID, customer, address, note, more }) => ({
        ...more,
        ...(note === undefined ? {} : { note }),
        store: 'red',
        orderID,
        customer,
        address,
      }))
      .filter((one) => !JSON.stringify(one).includes('__proto__'));
    const payloads = fc.uniqueArray(payload, {
      minLength: 1,
      maxLength: 4,
      selector: ({ orderID }) => orderID,
    });
    await fc.assert(
      fc.asyncProperty(payloads, async (given) => {
        expect(await again(given)).toEqual(given);
      }),
    );
  });

  test('names a cell that was changed into invalid JSON', async () => {
    const table = tableOf([viewOf({ ...order, weight: 3 })]).replace(',3,delivered', ',three,delivered');
    expect((await rowsOf(table)).flatMap((row) => row.problems)).toEqual([
      '“three” is no JSON, which “weight” has to be.',
    ]);
  });

  test('names a cell that exceeds the limits, also in a row without an order id', async () => {
    const table = tableOf([viewOf({ ...order, weight: 3 })])
      .replace(',3,delivered', `,${'['.repeat(20_000)}${']'.repeat(20_000)},delivered`)
      .replace("'-1,", ',');
    const problems = (await rowsOf(table)).flatMap((row) => row.problems);
    expect(problems).toEqual([expect.stringMatching(/^“weight”: .*nested deeper than/)]);
  });

  test('can be imported after a spreadsheet has dropped its last columns', async () => {
    const table = tableOf([viewOf({ ...order, name: 'Bouquet' })]).replaceAll(/,[^,]*(?=\r\n)/g, '');
    expect(await rowsOf(table)).toMatchObject([{ problems: [] }]);
  });
});

describe('order ids of rows that have none', () => {
  const ids = async (rows: string) => (await orders(rows)).map(({ order }) => order.orderID);

  test('are short and depend on the row, so that the same file makes the same orders', async () => {
    const rows = ',Hulda,1 Road,,,\n,Ben,2 Road,,,\n';
    expect(await ids(rows)).toEqual(await ids(rows));
    expect(await ids(rows)).toEqual((await ids(',Ben,2 Road,,,\n,Hulda,1 Road,,,\n')).reverse());
    expect(new Set(await ids(rows)).size).toBe(2);
    for (const id of await ids(rows)) expect(id).toMatch(/^[a-hjkmnp-z2-9]{6}$/);
  });

  test('differ for equal rows', async () => {
    const twice = await ids(',Hulda,1 Road,,,\n,Hulda,1 Road,,,\n');
    expect(new Set(twice).size).toBe(2);
    expect(await ids(',Hulda,1 Road,,,\n')).toEqual([twice[0]]);
  });

  test('seldom collide in a large file, and have alternatives', async () => {
    const rows = Array.from({ length: 25_000 }, (_, i) => `,Customer ${i},Road,,,\n`).join('');
    expect(new Set(await ids(rows)).size).toBeGreaterThan(25_000 - 10);
    expect(new Set(Array.from({ length: 1_000 }, (_, attempt) => orderIdOf('x', attempt))).size).toBe(1_000);
  });
});

test.each([
  [',,1 Road,,,', ['The customer is missing.']],
  ['1, ,,,,', ['The customer is missing.', 'The address is missing.']],
  [`${'x'.repeat(129)},a,b,,,`, ['The order id is longer than 128 characters.']],
  ['"a\nb",a,b,,,', ['The order id has U+000A, a line break or a tab.']],
  ['..,a,b,,,', ['The order id is a place in an address, and no name.']],
  [`1,${'x'.repeat(1_025)},b,,,`, ['“customer” is longer than 1024 characters.']],
  ['1,a,b,tomorrow,,', ['“tomorrow” is no due time; write it as 2026-11-30 14:30.']],
  ['1,a,b,2026-02-30 14:30,,', ['“2026-02-30 14:30” is no due time; 30 February 2026 does not exist.']],
  ['1,a,12 Road, left,,,,', ['“left” is no due time; write it as 2026-11-30 14:30.']],
  ['1,a,b,,,,c', ['There are more cells than columns; put an address with a comma in quotation marks.']],
  ['1,a,b,,,\n1,c,d,,,', ['The order id “1” stands in line 2 already.']],
  ['1,a,"b" c,tomorrow,,', [expect.stringMatching(/^Text stands behind a closing quotation mark/)]],
])('names the fault of %j', async (rows, said) => expect(await problems(rows)).toEqual(said));

test('names what the hub would refuse', async () => {
  const columns = Array.from({ length: 40 }, (_, i) => `c${i}`).join(',');
  const row = Array.from({ length: 40 }, () => 'x').join(',');
  const sheet = await sheetOf(bytesOf(`customer,address,${columns}\na,b,${row}\n`));
  expect((await rowsIn(sheet, undefined, purpose)).flatMap((one) => one.problems)).toEqual([]);
  if (sheet.kind === 'own') throw new Error('It is no table of ours.');
  const keeping = { ...sheet.guess.mapping, keepsOthers: true };
  expect((await rowsIn(sheet, keeping, purpose)).flatMap((one) => one.problems)).toEqual([
    `An object here has more than ${limits.keys} keys.`,
  ]);
});

test('keeps two columns with the same heading apart', async () => {
  expect(await orders('a,b,red,blue\n', 'customer,address,Colour,Colour\n')).toMatchObject([
    { order: { Colour: 'red', 'Colour (2)': 'blue' } },
  ]);
});

test('refuses orders of another store', async () => {
  expect(await problems('a,b,blue', 'customer,address,store\n')).toEqual([
    'This is an order of the store “blue”.',
  ]);
  expect(await problems('a,b,red', 'customer,address,store\n')).toEqual([]);
});

test.each([
  ['', 'This file is empty.'],
  ['just some words\n', 'The first line has to name the columns'],
  [template, 'There are no orders below the first line.'],
  [`customer,address\n${'a,b\n'.repeat(rowsMax + 1)}`, 'Use at most 50,000 orders in a file.'],
  [`customer,address${',x'.repeat(200)}\na,b\n`, 'Use at most 200 columns in a file.'],
])('says why a file is no table of orders: %#', async (text, said) => {
  await expect(sheetOf(bytesOf(text))).rejects.toThrow(said);
});

describe('what programs put around a cell', () => {
  test.each([
    ['"=""0042"""', '0042'],
    ['="0042"', '0042'],
    ["'0042", '0042'],
    ['\u200B00\u200B42\uFEFF', '0042'],
    ["'=1", '=1'],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ["'90s Diner", "'90s Diner"],
  ])('is no part of an id: %j', async (cell, orderID) => {
    expect(await orders(`${cell},a,b\n`, 'id,customer,address\n')).toMatchObject([{ order: { orderID } }]);
  });

  test('is no part of the name of a column', async () => {
    const [row] = await orders('1\ta\tb\n', '\u200BorderID\tcus\u200Btomer\t address \n');
    expect(row?.order).toEqual({ store: 'red', orderID: '1', customer: 'a', address: 'b' });
  });
});
