import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { expect, test } from 'vitest';
import type { Answer } from '../protocol/messages.ts';
import { readDisk } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { mountInMemory } from '../testkit/small-disk.ts';
import { inWords } from '../testkit/verdict.ts';

/** A shop at a hub whose disk fails: it sends orders and remembers the answer to each. */
class Shop {
  readonly #socket: Socket;
  readonly acked: string[] = [];
  readonly refused: string[] = [];
  #count = 0;

  constructor(url: string) {
    const auth = { protocol: 1, role: 'vendor', store: 'red' };
    this.#socket = io(`${url}/caps`, { auth, transports: ['websocket'] });
  }

  /** @returns the answers' error codes */
  async send(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => `${++this.#count}`);
    const commands = ids.map((orderID) => ({
      ...{ event: 'pickup', id: orderID },
      payload: { store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass', note: 'x'.repeat(900) },
    }));
    const answers: Answer[] = await this.#socket.emitWithAck('commands', commands);
    return answers.map((answer, i) => {
      (answer.ok ? this.acked : this.refused).push(ids[i] ?? '');
      return answer.ok ? 'ok' : answer.error.code;
    });
  }

  /** Resolves with the first error code other than `busy`, which a sound hub on a slow machine may answer. */
  async untilRefused(): Promise<string> {
    for (let tries = 0; tries < 5_000; tries += 1) {
      const code = (await this.send(10)).find((one) => one !== 'ok' && one !== 'busy');
      if (code !== undefined) return code;
    }
    return 'never';
  }

  /** Resolves when the hub accepts an order again. */
  async untilTaken(): Promise<void> {
    for (let code: string | undefined; code !== 'ok'; ) [code] = await this.send(1);
  }

  close(): void {
    this.#socket.close();
  }
}

async function statusOf(hub: HubProcess, path: string): Promise<number> {
  const answer = await fetch(hub.url + path);
  await answer.arrayBuffer();
  return answer.status;
}

/** Reads all orders of a store page by page, because a page may be short on a busy machine. */
async function ordersOf(url: string, store: string): Promise<unknown[]> {
  const orders: unknown[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = await fetch(`${url}/api/orders?limit=500&as=store:${store}${next && `&cursor=${next}`}`);
    const { items, next: following } = (await page.json()) as { items: unknown[]; next: string | null };
    orders.push(...items);
    next = following;
  }
  return orders;
}

const fullLine = 'a commit failed: database or disk is full';

/** The hub's messages about faults. */
function linesOf({ logged }: HubProcess): string[] {
  const lines = logged.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

/** Expects each acked order once, a log without holes, and parcel rows that are its fold. */
async function expectSound(hub: HubProcess, shop: Shop): Promise<void> {
  const { log, rows } = await readDisk(hub.data);
  const { phantom: _, ...verdict } = check({ commands: [], watchers: [], log, rows });
  expect(inWords({ ...verdict, phantom: { count: 0 } })).toBe('');
  const stored = log.map(({ payload }) => payload.orderID);
  expect(shop.acked.filter((id) => !stored.includes(id))).toEqual([]);
}

test('[S4] a failed sync gives no ack: the hub answers unavailable, lives on, and has all that it acked', {
  timeout: 60_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const inject = 'inject=fsync,fdatasync:error=EIO:when=40+';
  const under = ['strace', '-D', '-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync'];
  const hub = stack.adopt(await startHub({ under: [...under, '-e', inject] }), (it) => it.dispose());
  const shop = stack.adopt(new Shop(hub.url), (it) => it.close());
  expect(await shop.untilRefused()).toBe('unavailable');
  expect(shop.acked.length).toBeGreaterThan(0);
  expect(new Set(await shop.send(20))).toEqual(new Set(['unavailable']));
  expect([await statusOf(hub, '/readyz'), await statusOf(hub, '/healthz')]).toEqual([503, 200]);
  expect(await ordersOf(hub.url, 'red')).toHaveLength(shop.acked.length);
  await hub.kill();
  await expectSound(hub, shop);
});

test('[S4] on a full disk the hub acks only what it has stored, and recovers by itself when there is space again', {
  timeout: 60_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const disk = await smallDisk(stack);
  const hub = stack.adopt(await startHub(disk.options), (it) => it.dispose());
  const shop = stack.adopt(new Shop(hub.url), (it) => it.close());
  expect(await shop.untilRefused()).toBe('unavailable');
  expect(shop.acked.length).toBeGreaterThan(100);
  // Until no small order fits, either.
  for (let tries = 0; tries < 40; tries += 1) {
    expect(await statusOf(hub, '/readyz')).toBe(503);
    await shop.send(tries % 2 === 0 ? 1 : 20);
    await setTimeout(50);
  }
  expect(await statusOf(hub, '/healthz')).toBe(200);
  expect(linesOf(hub)).toEqual([fullLine]);
  disk.makeRoom(hub.pid);
  await shop.untilTaken();
  while ((await statusOf(hub, '/readyz')) !== 200) await setTimeout(50);
  expect(linesOf(hub)).toEqual([fullLine, `${fullLine}: this is over`]);
  await hub.kill();
  console.log(JSON.stringify({ disk: disk.kind, acked: shop.acked.length, refused: shop.refused.length }));
  await hub.start();
  await hub.stop();
  await expectSound(hub, shop);
});

test('[S4] a read-only folder is refused in one line', { timeout: 60_000 }, async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'caps-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  if (!mountInMemory(stack, folder, 'ro')) await chmod(folder, 0o555);
  const refusal = startHub({ data: folder }).then(
    async (hub) => {
      await hub.dispose();
      return 'it started';
    },
    (error: unknown) => String(error),
  );
  expect(await refusal).toMatch(/The data folder .* cannot be written \(.*\)\. Set CAPS_DATA\.\n$/);
});

interface SmallDisk {
  readonly kind: string;
  readonly options: { data?: string; under?: readonly string[] };
  makeRoom(pid: number): void;
}

/** A file system of four megabytes, or, without the right to mount one, a limit of two megabytes per file. */
async function smallDisk(stack: AsyncDisposableStack): Promise<SmallDisk> {
  const data = await mkdtemp(join(tmpdir(), 'caps-'));
  stack.defer(() => rm(data, { recursive: true, force: true }));
  if (mountInMemory(stack, data, 'size=4m')) {
    const makeRoom = () => void execFileSync('mount', ['-o', 'remount,size=64m', data]);
    return { kind: 'tmpfs', options: { data }, makeRoom };
  }
  const under = ['sh', '-c', 'ulimit -S -f 4096; exec "$@"', 'sh'];
  const makeRoom = (pid: number) => void execFileSync('prlimit', ['--pid', `${pid}`, '--fsize=unlimited:']);
  return { kind: 'ulimit', options: { data, under }, makeRoom };
}
