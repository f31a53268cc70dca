/** Runs the short clients of the documents verbatim. */

import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CapsRecord } from '../protocol/messages.ts';
import { atHub, type CodeBlock, codeBlocks, expectInstalled } from '../testkit/code-blocks.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { ProgramProcess } from '../testkit/program-process.ts';
import { openTcpClient, orderOf } from '../testkit/test-client.ts';

const top = fileURLToPath(new URL('..', import.meta.url));
const linesMax = 10;
/** The program that runs each client, and what it needs. */
const programs = {
  nc: { run: 'sh', file: 'client.sh', needs: 'nc', from: 'netcat-openbsd' },
  curl: { run: 'sh', file: 'client.sh', needs: 'curl', from: 'curl' },
  python: { run: 'python3', file: 'client.py', needs: 'python3', from: 'python3' },
  node: { run: process.execPath, file: 'client.mjs', needs: 'sh', from: 'dash' },
} as const;
type Name = keyof typeof programs;
const names = Object.keys(programs) as Name[];

let blocks: CodeBlock[];
beforeAll(async () => {
  const found = await Promise.all(['README.md', 'docs/clients.md'].map((path) => codeBlocks(path, 'client')));
  blocks = found.flat();
});

it.each(names)('the documents show the client in %s with at most ten lines, the same everywhere', (name) => {
  const shown = blocks.filter((block) => block.name === name).map(({ text }) => text);
  expect(shown.length).toBeGreaterThan(0);
  expect(new Set(shown).size).toBe(1);
  expect(shown[0]?.trimEnd().split('\n').length).toBeLessThanOrEqual(linesMax);
});

it('the documents show no other client', () => {
  expect(blocks.map(({ name }) => name).filter((name) => !names.some((known) => known === name))).toEqual([]);
});

describe('while the hub is killed and stopped,', () => {
  let hub: HubProcess;
  let folder: string;
  const clients = new Map<Name, ProgramProcess>();
  /** Offers before any driver connects: more than its snapshot has. */
  const early = Array.from({ length: 350 }, (_, i) => `early ${i}`);
  const linesOf = (name: Name): readonly string[] => clients.get(name)?.lines ?? [];
  /** The output file of the reader in shell. */
  function logged(): CapsRecord[] {
    const file = join(folder, 'log.tsv');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line.slice(line.indexOf('\t') + 1)));
  }

  beforeAll(async () => {
    for (const name of names) expectInstalled(programs[name]);
    hub = await startHub({ tcp: true });
    folder = await mkdtemp(join(tmpdir(), 'caps-clients-'));
    await symlink(join(top, 'node_modules'), join(folder, 'node_modules'));
    const shop = await openTcpClient(hub.tcpPort, { role: 'vendor', store: 'amber' });
    await shop.send(...early.map((id) => orderOf('amber', id)));
    shop.close();
    for (const name of names) await start(name);
  });
  afterAll(async () => {
    for (const client of clients.values()) await client.dispose();
    await hub?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(name: Name): Promise<void> {
    const { run, file } = programs[name];
    const path = join(folder, `${name}-${file}`);
    const block = blocks.find((one) => one.name === name);
    await writeFile(path, atHub(block?.text ?? '', hub));
    clients.set(name, new ProgramProcess(run, [path], { folder }));
  }

  /** Number of deliveries in each one's output. */
  const delivered = {
    nc: () => linesOf('nc').filter((line) => line.includes('"event":"delivered"')).length,
    curl: () => logged().filter(({ event }) => event === 'delivered').length,
    python: () => linesOf('python').length,
    node: () => linesOf('node').length,
  };
  async function untilMore(more: number): Promise<void> {
    const before = new Map(names.map((name) => [name, delivered[name]()]));
    for (const name of names) {
      const enough = (before.get(name) ?? 0) + more;
      await clients.get(name)?.until(() => delivered[name]() >= enough);
    }
  }

  it('they work together, and go on when it is back', async () => {
    await untilMore(2);
    await hub.kill();
    await hub.start();
    await untilMore(2);
    for (const _ of Array.from({ length: 5 })) {
      const before = logged().length;
      await clients.get('curl')?.dispose();
      await start('curl');
      await clients.get('curl')?.until(() => logged().length > before);
    }
    // A stop as for an upgrade: the clients must reconnect after it.
    expect(await hub.stop()).toBe(0);
    await hub.start();
    await untilMore(2);
    const last = logged().findLast(({ event, payload }) => event === 'delivered' && payload.store === 'blue');
    const thanks = (id = '') => `thank you for delivering ${id}`;
    await clients.get('node')?.until((lines) => lines.includes(thanks(last?.payload.orderID)));

    // curl: each record once.
    const seqs = logged().map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    // nc: its order reached the hub.
    const { payload, via } =
      logged().find(({ event, payload: { store } }) => event === 'pickup' && store === 'red') ?? {};
    expect([payload?.orderID, via]).toEqual(['1', 'tcp']);
    // Node: it thanks for every delivery, including those around the kill.
    const of = (event: string, until: number) =>
      logged()
        .filter((record) => record.event === event && record.payload.store === 'blue' && record.seq <= until)
        .map(({ payload: { orderID } }) => orderID);
    const thanked = new Set(linesOf('node'));
    expect(of('delivered', last?.seq ?? 0).filter((id) => !thanked.has(thanks(id)))).toEqual([]);
    // Python: it also delivers the offers from before its start, and each parcel once.
    await clients.get('python')?.until((lines) => early.every((id) => lines.includes(`delivered ${id}`)));
    expect(new Set(linesOf('python')).size).toBe(linesOf('python').length);
    const drivers = logged()
      .filter(({ event }) => event === 'delivered')
      .map(({ by }) => by.id);
    expect(new Set(drivers)).toEqual(new Set(['python']));
    expect([clients.get('python')?.said, clients.get('node')?.said]).toEqual([[], []]);
  });
});
