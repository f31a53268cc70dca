/**
 * One run of the power-cut proof: it records every write of a hub under load. Then it cuts the power at random points of
 * that recording and opens what each cut leaves with the real store.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { io } from 'socket.io-client';
import type { Answer } from '../protocol/messages.ts';
import { damagedIn } from '../server/store/sqlite/check.ts';
import { seeded } from '../testkit/chance.ts';
import { readDisk } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { startHub } from '../testkit/hub-process.ts';
import { PowerDisk, type Step } from '../testkit/power-disk.ts';
import { inWords } from '../testkit/verdict.ts';
import { readTrace, tracing } from './power-trace.ts';

export interface PowerOptions {
  readonly seed: number;
  readonly cuts: number;
  /** Number of answers to record. */
  readonly acks: number;
  readonly script: string;
}

export interface PowerReport {
  readonly cuts: number;
  readonly acks: number;
  readonly writes: number;
  readonly syncs: number;
  /** Checkpoints: writes to the log's file itself after its start. */
  readonly folds: number;
  /** Records that clients received and that are on disk, over all cuts. */
  readonly kept: number;
  readonly faults: readonly string[];
}

const batch = 10;
const lanes = 3;

export async function powerRun({ seed, cuts, acks, script }: PowerOptions): Promise<PowerReport> {
  await using stack = new AsyncDisposableStack();
  const top = stack.adopt(realpathSync(mkdtempSync(join(tmpdir(), 'caps-'))), (it) =>
    rmSync(it, { recursive: true }),
  );
  const { steps, orders } = await record(top, acks, script);
  const chance = seeded(seed);
  const moments = Array.from({ length: cuts }, () => chance.int(0, steps.length)).sort((a, b) => a - b);
  const disk = new PowerDisk();
  const told = new Set<number>();
  const faults: string[] = [];
  let kept = 0;
  let place = 0;
  for (const moment of moments) {
    for (; place < moment; place += 1) {
      const step = steps[place];
      if (step?.kind === 'told') for (const seq of step.seqs) told.add(seq);
      else if (step) disk.take(step);
    }
    const found = await openedAfter(join(top, 'cut'), disk.cut(chance));
    const wrong = found.wrong ?? lostOf(told, orders, found.log);
    if (wrong !== undefined) faults.push(`after step ${moment}: ${wrong}`);
    else kept += told.size;
  }
  const count = (kind: Step['kind']) => steps.filter((step) => step.kind === kind).length;
  return {
    ...{ cuts, acks: orders.size, writes: count('write'), syncs: count('sync'), folds: foldsIn(steps) },
    ...{ kept, faults },
  };
}

/** A shop sends orders, and a driver takes and delivers them. */
async function record(
  top: string,
  acks: number,
  script: string,
): Promise<{ steps: Step[]; orders: Map<number, string> }> {
  await using stack = new AsyncDisposableStack();
  const [fifo, data] = [join(top, 'trace'), join(top, 'data')];
  execFileSync('mkfifo', [fifo]);
  const read = readTrace(fifo, data);
  const hub = stack.adopt(await startHub({ script, data, under: tracing(fifo) }), (it) => it.dispose());
  const orders = new Map<number, string>();
  const socketOf = (role: object) => {
    const auth = { protocol: 1, ...role };
    return stack.adopt(io(`${hub.url}/caps`, { auth, transports: ['websocket'] }), (it) => void it.close());
  };
  const shop = socketOf({ role: 'vendor', store: 'red' });
  const driver = socketOf({ role: 'driver', driver: 'ana' });
  const lane = async (first: number): Promise<void> => {
    for (let i = first * batch; orders.size < acks; i += lanes * batch) {
      const ids = Array.from({ length: batch }, (_, k) => `order-${i + k}`);
      for (const event of ['pickup', 'in-transit', 'delivered']) {
        const more =
          event === 'pickup' ? { customer: 'Hulda', address: `${'835 Meluk Pass '.repeat(i % 20)}.` } : {};
        const commands = ids.map((orderID) => ({ event, payload: { store: 'red', orderID, ...more } }));
        const answers: Answer[] = await (event === 'pickup' ? shop : driver).emitWithAck(
          'commands',
          commands,
        );
        if (event !== 'pickup') continue;
        for (const [k, answer] of answers.entries()) if (answer.ok) orders.set(answer.seq, ids[k] ?? '');
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
  await hub.stop();
  return { steps: await read, orders };
}

interface DiskState {
  readonly wrong?: string;
  readonly log: Awaited<ReturnType<typeof readDisk>>['log'];
}

/** Starts a hub on these files. */
async function openedAfter(folder: string, files: ReadonlyMap<string, Buffer>): Promise<DiskState> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  chmodSync(folder, 0o700);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes, { mode: 0o600 });
  try {
    const { log, rows } = await readDisk(folder);
    const { phantom: _, ...verdict } = check({ commands: [], watchers: [], log, rows });
    const words = inWords({ ...verdict, phantom: { count: 0 } });
    const db = new DatabaseSync(join(folder, 'caps.sqlite'), { readOnly: true });
    const damaged = [...damagedIn(db)].filter((name) => name !== undefined);
    db.close();
    const wrong = words || damaged.join(', ');
    return wrong === '' ? { log } : { log, wrong };
  } catch (error) {
    return { log: [], wrong: `it does not open: ${error instanceof Error ? error.message : error}` };
  }
}

function lostOf(
  told: ReadonlySet<number>,
  orders: ReadonlyMap<number, string>,
  log: DiskState['log'],
): string | undefined {
  for (const seq of told) {
    const record = log[seq - 1];
    if (!record) return `record ${seq} was told of, and the log ends at ${log.length}`;
    const order = orders.get(seq);
    if (order !== undefined && record.payload.orderID !== order) return `record ${seq} is another one`;
  }
  return undefined;
}

function foldsIn(steps: readonly Step[]): number {
  const begun = steps.findIndex(({ kind }) => kind === 'told');
  let folds = 0;
  let isFolding = false;
  for (const step of steps.slice(begun)) {
    if (step.kind !== 'write') continue;
    const isFile = step.name === 'caps.sqlite';
    if (isFile && !isFolding) folds += 1;
    isFolding = isFile;
  }
  return folds;
}
