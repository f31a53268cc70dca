/** Runs the recipes of docs/recipes.md verbatim. */

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CapsRecord, ParcelView } from '../protocol/messages.ts';
import { atHub, type CodeBlock, codeBlocks, expectInstalled } from '../testkit/code-blocks.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { ProgramProcess } from '../testkit/program-process.ts';
import { openTcpClient, orderOf } from '../testkit/test-client.ts';

const top = fileURLToPath(new URL('..', import.meta.url));
/** The program that runs each recipe. */
const runners = {
  shop: { run: 'python3', file: 'shop.py' },
  vendor: { run: 'python3', file: 'vendor.py' },
  florist: { run: process.execPath, file: 'florist.mjs' },
  driver: { run: process.execPath, file: 'driver.mjs' },
  retry: { run: 'python3', file: 'retry.py' },
  pages: { run: 'python3', file: 'pages.py' },
  assign: { run: 'sh', file: 'assign.sh' },
} as const;
type Name = keyof typeof runners;

let blocks: CodeBlock[];
let hub: HubProcess;
let folder: string;
const programs: ProgramProcess[] = [];

beforeAll(async () => {
  expectInstalled({ needs: 'python3', from: 'python3' });
  expectInstalled({ needs: 'curl', from: 'curl' });
  blocks = await codeBlocks('docs/recipes.md', 'recipe');
});

/** Starts a hub, and makes a folder for the programs and their files. */
async function setUp(env: Readonly<Record<string, string>> = {}): Promise<void> {
  hub = await startHub({ tcp: true, env });
  folder = await mkdtemp(join(tmpdir(), 'caps-recipes-'));
  await symlink(join(top, 'node_modules'), join(folder, 'node_modules'));
}
async function tearDown(): Promise<void> {
  for (const program of programs.splice(0)) await program.dispose();
  await hub?.dispose();
  await rm(folder, { recursive: true, force: true });
}

async function start(name: Name): Promise<ProgramProcess> {
  const { run, file } = runners[name];
  const text = blocks.find((block) => block.name === name)?.text ?? '';
  await writeFile(join(folder, file), atHub(text, hub));
  const program = new ProgramProcess(run, [file], { folder });
  programs.push(program);
  return program;
}

/** Resolves with the output when the program ends. */
async function outputOf(name: Name): Promise<readonly string[]> {
  const program = await start(name);
  expect([await program.ended(), program.said]).toEqual([0, []]);
  return program.lines;
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${hub.url}${path}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}
async function post(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${hub.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
}
const order = (orderID: string) => ({ store: 'green', orderID, customer: 'Hulda Parker', address: 'Elm St' });

it('this file runs every recipe', () => {
  expect(blocks.map(({ name }) => name).sort()).toEqual(Object.keys(runners).sort());
});

describe('while the hub, three shops and a driver are killed in turn,', () => {
  beforeAll(() => setUp());
  afterAll(tearDown);

  const thanks = 'thank you for delivering ';
  const shops = ['shop', 'vendor', 'florist'] as const;
  const names = [...shops, 'driver'] as const;
  const storeOf = { shop: 'green', vendor: 'amber', florist: 'violet' } as const;
  /** Every run of a program. */
  const runs: Record<(typeof names)[number], ProgramProcess[]> = {
    shop: [],
    vendor: [],
    florist: [],
    driver: [],
  };

  async function startAll(): Promise<void> {
    for (const name of names) runs[name].push(await start(name));
  }
  const linesOf = (name: (typeof names)[number]) => runs[name].flatMap(({ lines }) => lines);
  const placedBy = (name: (typeof shops)[number]) =>
    linesOf(name).flatMap((line) => (line.startsWith('placed ') ? [line.slice('placed '.length)] : []));
  /** Waits for new output of each: the shops' thanks, the driver's deliveries. */
  async function untilMore(): Promise<void> {
    for (const name of names) {
      const words = name === 'driver' ? 'delivered ' : thanks;
      const count = (lines: readonly string[]) => lines.filter((line) => line.startsWith(words)).length;
      const run = runs[name].at(-1);
      const before = count(run?.lines ?? []);
      await run?.until((lines) => count(lines) >= before + 2);
    }
  }
  async function recordsOf(event: string, store: string): Promise<readonly CapsRecord[]> {
    const query = `event=${event}&store=${store}&after=0&limit=500`;
    return (await get<{ items: CapsRecord[] }>(`/api/events?${query}`)).items;
  }

  it('they lose and double no order, and thank for each delivery', async () => {
    await startAll();
    await untilMore();
    await hub.kill();
    await hub.start();
    await untilMore();
    for (const program of programs.splice(0)) await program.dispose();
    await startAll();
    await untilMore();
    expect(await hub.stop()).toBe(0);
    await hub.start();
    await untilMore();

    for (const name of shops) {
      const placed = placedBy(name);
      const last = placed.at(-1) ?? '';
      await runs[name].at(-1)?.until((lines) => lines.includes(thanks + last));
      const recorded = (await recordsOf('pickup', storeOf[name])).map(({ payload }) => payload.orderID);
      // A killed program may have stored an order without printing it.
      expect(recorded.filter((id) => placed.includes(id)).slice(0, placed.length)).toEqual(placed);
      expect(new Set(recorded).size).toBe(recorded.length);
      const delivered = (await recordsOf('delivered', storeOf[name])).map(({ payload }) => payload.orderID);
      const thanked = new Set(linesOf(name));
      const due = delivered.slice(0, delivered.indexOf(last) + 1);
      expect(due.filter((id) => !thanked.has(thanks + id))).toEqual([]);
    }
    // There is no other driver: a refusal would mean that this one sent a step twice.
    expect(linesOf('driver').filter((line) => !line.startsWith('delivered '))).toEqual([]);
    expect(names.map((name) => runs[name].flatMap(({ said }) => said))).toEqual([[], [], [], []]);
  });
});

describe('at a hub that wants keys', () => {
  beforeAll(() => setUp({ CAPS_ADMIN_KEY: 'the-admin-key-of-this-test' }));
  afterAll(tearDown);

  it.each(['shop', 'vendor', 'florist', 'driver'] as const)('the %s ends, and says why', async (name) => {
    const program = await start(name);
    expect(await program.ended()).toBe(1);
    expect(program.said.join('\n')).toMatch(/ key|hello was refused/);
  });
});

describe('more offers than a driver’s snapshot has', () => {
  beforeAll(() => setUp());
  afterAll(tearDown);

  it('are all claimed and delivered', async () => {
    const shop = await openTcpClient(hub.tcpPort, { role: 'vendor', store: 'green' });
    const ids = Array.from({ length: 650 }, (_, i) => String(i));
    await shop.send(...ids.map((id) => orderOf('green', id)));
    const driver = await start('driver');
    await driver.until((lines) => lines.length >= ids.length);
    expect(driver.lines.toSorted()).toEqual(ids.map((id) => `delivered ${id}`).toSorted());
    shop.close();
  });
});

describe('on a hub with orders:', () => {
  beforeAll(() => setUp());
  afterAll(tearDown);

  it('lists are read to the end, each item once', async () => {
    for (let i = 1; i <= 8; i += 1) await post('/api/orders', order(String(i)));
    await post('/api/orders/green/8/claimed?as=driver:ana', {});
    expect(await outputOf('pages')).toEqual([
      'orders 8 7 6 5 4 3 2 1',
      'events 1 2 3 4 5 6 7 8 9',
      'backwards 9 8 7 6 5 4 3 2 1',
    ]);
  });

  it('dispatch assigns a parcel to a driver, reassigns it, takes it back and cancels it', async () => {
    const answers = (await outputOf('assign')).map((line) => JSON.parse(line));
    const ben: { items: ParcelView[] } = answers.splice(3, 1)[0];
    expect(answers.map(({ status }) => status)).toEqual([
      'ready',
      'claimed',
      'claimed',
      'ready',
      'cancelled',
    ]);
    expect(ben.items.map(({ payload, holder }) => [payload.orderID, holder])).toEqual([
      ['77', { id: 'ben', name: 'Ben' }],
    ]);
  });
});

describe('on a hub with a low rate limit,', () => {
  // A burst of ten, then one per second.
  beforeAll(() => setUp({ CAPS_RATE: '1' }));
  afterAll(tearDown);

  it('commands are sent in order until each has a final answer', async () => {
    const commands = [
      ...Array.from({ length: 12 }, (_, i) => ({ id: `c${i}`, path: '/api/orders', body: order(String(i)) })),
      { id: 'again', path: '/api/orders', body: { ...order('1'), customer: 'Somebody else' } },
      { id: 'early', path: '/api/orders/green/1/delivered?as=driver:ana', body: {} },
    ];
    await writeFile(
      join(folder, 'commands.ndjson'),
      commands.map((one) => `${JSON.stringify(one)}\n`).join(''),
    );
    expect(await outputOf('retry')).toEqual([
      ...commands.slice(0, 12).map(({ id }) => `ok ${id} ready`),
      'mend again conflict Order id "1" is already used for another order.',
      'look again early wrong-status',
    ]);
  });
});
