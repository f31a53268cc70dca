import { Console } from 'node:console';
import { rmSync } from 'node:fs';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attacks } from '../../protocol/characters.samples.ts';
import type { Command } from '../../protocol/messages.ts';
import { admin, order, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { type Output, type Printer, printEvents } from './printer.ts';

/** Takes what it is given at once, never, or not any more. */
class Paper implements Output {
  text = '';
  colors = false;
  state: 'free' | 'stuck' | 'gone' = 'free';
  writes = 0;
  /** What was handed over and not taken, in characters. */
  queued = 0;
  #waiting: (() => void)[] = [];

  async write(text: string): Promise<void> {
    this.writes += 1;
    this.queued += text.length;
    if (this.state === 'stuck') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.state === 'gone') throw new Error('EPIPE');
    this.queued -= text.length;
    this.text += text;
  }

  free(): void {
    this.state = 'free';
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get orders(): string[] {
    return Array.from(this.text.matchAll(/orderID: '(\d+)'/g), ([, id = '']) => id);
  }
}

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;
let paper: Paper;
let printer: Printer;

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = new SimulatedStore(openSqliteStore(folder), clock);
  hub = await createHub({ store, clock, onFault: () => {} });
  await submit(order('red', 'before'));
  paper = new Paper();
  printer = printEvents({ hub, clock, output: paper, from: hub.head, style: 'line' });
});
afterEach(async () => {
  await clock.settling(printer.close());
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function submit(...commands: Command[]): Promise<void> {
  const answers = await clock.settling(hub.submit(admin, 'hub', commands));
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);
const orders = (from: number, to: number) => ids(from, to).map((id) => order('red', id));

/** The events since it began, as `console.log` prints them. */
async function consoleText(colors: boolean): Promise<string> {
  const { items } = await clock.settling(hub.read.events(admin, { after: '1', limit: 500, terms: [] }));
  let text = '';
  const write = (chunk: unknown, _: unknown, done: () => void) => {
    text += String(chunk);
    done();
  };
  const lab = new Console({ stdout: new Writable({ write }), colorMode: colors });
  for (const { event, time, payload } of items) lab.log('EVENT', { event, time, payload });
  return text;
}

/** Anew, as `CAPS_PRINT=lab` has it. */
async function asTheLab(colors = false): Promise<void> {
  await clock.settling(printer.close());
  paper.colors = colors;
  printer = printEvents({ hub, clock, output: paper, from: hub.head, style: 'lab' });
}

it('every event is one line: what the lab’s hub prints, who did it, and through which door', async () => {
  await submit(order('red', '7'));
  await submit(step('claimed', 'red', '7', { details: { driver: 'ana' } }));
  const driver = { role: 'driver', driver: 'ana', name: 'Ana \u001b[2J\u202e' } as const;
  await clock.settling(hub.submit(driver, 'tcp', [step('in-transit', 'red', '7')]));
  await clock.advance(100);
  const said = (event: string) =>
    `EVENT { event: '${event}', time: '2026-11-20T18:00:00.000Z', payload: { store: 'red', orderID: '7', customer: 'Hulda', address: '835 Meluk Pass' } }`;
  expect(paper.text.split('\n')).toEqual([
    `${said('pickup')} by admin via hub`,
    `${said('claimed')} by admin via hub`,
    `${said('in-transit')} by driver ana (Ana \\x1B[2J\\u202e) via tcp`,
    '',
  ]);
});

it('an order’s own parts are printed whole, however deep they lie; of one that is large the deep ones are left out', async () => {
  const parcels = [{ size: { unit: 'cm', sides: [[10, 20], [30]] } }];
  const given = order('red', '1');
  await submit({ ...given, payload: { ...given.payload, parcels } } as Command);
  const lots = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => [1]));
  for (const orderID of ids(2, 30)) {
    await submit({ ...given, payload: { ...given.payload, orderID, lots } } as Command);
  }
  await clock.advance(100);
  const [first = '', ...others] = paper.text.trim().split('\n');
  expect(first).toContain("parcels: [ { size: { unit: 'cm', sides: [ [ 10, 20 ], [ 30 ] ] } } ]");
  expect(others).toHaveLength(29);
  for (const line of others) expect(line).toContain('lots: [ [Array], [Array]');
  // Each is laid out in a turn of its own.
  expect(paper.writes).toBe(30);
});

it('however large, deep or strange an order is, it is one line, and nothing of it is a command to the terminal', async () => {
  const strange = {
    deep: { deeper: { deepest: { x: 1 } } },
    list: Array.from({ length: 30 }, (_, i) => i),
    note: `${'long '.repeat(100)}\nand\r\u2028broken`,
    bell: '\u0007\u001b[2J\u202e',
  };
  const given = order('red', '1');
  for (const colors of [false, true]) {
    paper.colors = colors;
    const orderID = String(colors);
    await submit({ ...given, payload: { ...given.payload, orderID, ...strange } } as Command);
    await clock.advance(100);
  }
  const lines = paper.text.split('\n');
  expect(lines.map((line) => line.includes('EVENT') && line.includes('via hub'))).toEqual([
    true,
    true,
    false,
  ]);
  for (const raw of ['\u0007', '\u001b[2J', '\u202e', '\r']) expect(paper.text).not.toContain(raw);
});

it('with CAPS_PRINT=lab every event is printed as the lab’s hub prints it', async () => {
  await asTheLab();
  await submit(order('red', '7'));
  await submit(step('claimed', 'red', '7', { details: { driver: 'ana' } }));
  await clock.advance(100);
  expect(paper.text).toBe(`EVENT {
  event: 'pickup',
  time: '2026-11-20T18:00:00.000Z',
  payload: {
    store: 'red',
    orderID: '7',
    customer: 'Hulda',
    address: '835 Meluk Pass'
  }
}
EVENT {
  event: 'claimed',
  time: '2026-11-20T18:00:00.000Z',
  payload: {
    store: 'red',
    orderID: '7',
    customer: 'Hulda',
    address: '835 Meluk Pass'
  }
}
`);
  expect(paper.text).toBe(await consoleText(false));
});

it('whatever the payload, in colours too, and nothing in it reaches the terminal as it is', async () => {
  await asTheLab(true);
  const strange = { deep: { deeper: { deepest: { x: 1 } } }, list: [1, [2]], bell: '\u0007\u001b[2J' };
  const given = order('red', '1');
  await submit({ ...given, payload: { ...given.payload, ...strange } } as Command);
  await submit(...orders(2, 300));
  await clock.advance(100);
  expect(paper.text).toBe(await consoleText(true));
  for (const raw of [strange.bell[0], '\u001b[2J']) expect(paper.text).not.toContain(raw);
});

describe('[S2] an output that stands still', () => {
  it('costs no more than what was handed to it, and gets all of it when it goes on', async () => {
    paper.state = 'stuck';
    for (let i = 0; i < 20; i += 1) {
      await submit(...orders(i * 200 + 1, i * 200 + 200));
      await clock.advance(1_000);
    }
    expect([paper.writes, paper.queued < 10_000, clock.pending < 5]).toEqual([1, true, true]);
    paper.free();
    await clock.advance(1_000);
    expect(paper.orders).toEqual(ids(1, 4_000));
    await submit(...orders(4_001, 4_001));
    await clock.advance(100);
    expect(paper.orders).toEqual(ids(1, 4_001));
  });

  it('does not hold up the end of the hub; what it has not taken is counted', async () => {
    paper.state = 'stuck';
    await submit(...orders(1, 100));
    await clock.advance(100);
    const left: number[] = [];
    void printer.close().then((count) => left.push(count));
    await clock.advance(1_999);
    expect(left).toEqual([]);
    await clock.advance(1);
    expect(left).toEqual([100]);
  });
});

it('when the hub stops, what has been recorded is printed', async () => {
  await submit(...orders(1, 100));
  const closing = clock.settling(printer.close());
  expect(await closing).toBe(0);
  expect(await clock.settling(printer.close())).toBe(0);
  expect(paper.orders).toEqual(ids(1, 100));
  await submit(...orders(101, 101));
  await clock.advance(5_000);
  expect(paper.orders).toHaveLength(100);
});

it('nobody reads any more: nothing is written any more, and the hub goes on', async () => {
  paper.state = 'gone';
  await submit(...orders(1, 100));
  await clock.advance(100);
  await submit(...orders(101, 200));
  await clock.advance(1_000);
  expect(paper.writes).toBe(1);
  expect(hub.head).toBe(201);
  expect(await clock.settling(printer.close())).toBe(0);
});

it('a log that cannot be read for a while leaves no gap', async () => {
  await submit(...orders(1, 10));
  store.failure = new Error('disk I/O error');
  await clock.advance(1_000);
  expect(paper.text).toBe('');
  store.failure = undefined;
  await clock.advance(100);
  expect(paper.orders).toEqual(ids(1, 10));
});

it.each([
  ['line', false],
  ['line', true],
  ['lab', false],
  ['lab', true],
] as const)(
  'whatever an older log has in it, nothing raw is printed: %s, in colours %s',
  async (style, colors) => {
    await clock.settling(printer.close());
    paper.colors = colors;
    printer = printEvents({ hub, clock, output: paper, from: hub.head, style });
    const all = attacks.map(({ char }) => `re${char}d`);
    const parcel = { store: 'red', orderID: 'odd', customer: 'Hulda', address: '835 Meluk Pass' };
    await submit({
      event: 'pickup',
      payload: { ...parcel, [all.join()]: all },
    });
    await clock.settling(printer.close());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    const text = paper.text.replace(/\u001b\[\d+m/g, '');
    expect(text).toContain('\\u202e');
    expect(text.match(/[^\n -~]/g)).toBeNull();
    expect(paper.text.includes('\u001b')).toBe(colors);
  },
);
