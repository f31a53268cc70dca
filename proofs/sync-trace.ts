/**
 * Checks a hub's system calls: it may send a record to anyone only after the sync that follows the record's write.
 * `kill -9` cannot show this, because written data outlives the process.
 *
 * The trace has the bytes: a page written to the log contains a record's order id, and a message to a socket contains
 * its seq.
 */

import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';
import type { Answer } from '../protocol/messages.ts';
import { startHub } from '../testkit/hub-process.ts';

export interface SyncReport {
  readonly acks: number;
  /** Number of commits that the trace shows. */
  readonly syncs: number;
  /** Number of messages with a record that was not on disk. */
  readonly violations: number;
  readonly example: string | undefined;
}

/** strace prints up to so many bytes: enough for the answers and records that one write carries, and a page of the log. */
const shownBytes = 65_536;
const batch = 10;
const lanes = 4;

export async function traceSyncs(acks: number, script: string): Promise<SyncReport> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), 'caps-')), (it) => rmSync(it, { recursive: true }));
  const fifo = join(folder, 'trace');
  execFileSync('mkfifo', [fifo]);
  const calls = 'trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg';
  const under = ['strace', '-D', '-f', '-y', '--seccomp-bpf', '-e', 'signal=none', '-e', calls];
  const trace = new Trace();
  const read = trace.read(fifo);
  const hub = stack.adopt(
    await startHub({ script, under: [...under, '-s', `${shownBytes}`, '-o', fifo] }),
    (it) => it.dispose(),
  );
  const orders = new Map<number, string>();
  const socket = io(`${hub.url}/caps`, {
    auth: { protocol: 1, role: 'vendor', store: 'red' },
    transports: ['websocket'],
  });
  // Several batches are open at a time, so that commits follow without a pause.
  const send = async (lane: number): Promise<void> => {
    for (let i = lane * batch; i < acks; i += lanes * batch) {
      const ids = Array.from({ length: batch }, (_, k) => `order-${i + k}-`);
      const commands = ids.map((orderID) => ({
        event: 'pickup',
        payload: { store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' },
      }));
      const answers: Answer[] = await socket.emitWithAck('commands', commands);
      for (const [k, answer] of answers.entries()) if (answer.ok) orders.set(answer.seq, ids[k] ?? '');
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => send(lane)));
  socket.close();
  await hub.stop();
  await read;
  return { acks: orders.size, ...trace.judge(orders) };
}

class Trace {
  /** By order: number of syncs after which it was on disk. */
  readonly #syncedBy = new Map<string, number>();
  readonly #written = new Set<string>();
  /** By seq: number of syncs before the first message with it. */
  readonly #toldAfter = new Map<number, number>();
  #syncs = 0;

  async read(path: string): Promise<void> {
    for await (const line of createInterface({ input: createReadStream(path) })) this.#see(line);
  }

  /** A write counts when it begins, a sync when it has ended: strace splits calls of concurrent threads. */
  #see(line: string): void {
    if (/f(data)?sync(\(\d+<[^>]*\/caps-\w+\/caps\.sqlite-wal>\)| resumed>\)).*= 0/.test(line)) {
      this.#syncs += 1;
      for (const order of this.#written) this.#syncedBy.set(order, this.#syncs);
      this.#written.clear();
    } else if (/\bp?write(64)?\(\d+<[^>]*\/caps-\w+\/caps\.sqlite-wal>/.test(line)) {
      for (const [order] of line.matchAll(/order-\d+-/g)) {
        if (!this.#syncedBy.has(order)) this.#written.add(order);
      }
    } else if (/\b(writev?|sendto|sendmsg)\(\d+<socket:/.test(line)) {
      for (const [, seq] of line.matchAll(/\\"seq\\":(\d+)/g)) {
        if (!this.#toldAfter.has(Number(seq))) this.#toldAfter.set(Number(seq), this.#syncs);
      }
    }
  }

  judge(orders: ReadonlyMap<number, string>): Omit<SyncReport, 'acks'> {
    const wrong = [...orders].filter(([seq, order]) => {
      const told = this.#toldAfter.get(seq);
      const synced = this.#syncedBy.get(order);
      return told === undefined || synced === undefined || told < synced;
    });
    const [first] = wrong;
    const example =
      first &&
      `record ${first[0]}: told after ${this.#toldAfter.get(first[0])} syncs, on disk after ${this.#syncedBy.get(first[1])}`;
    return { syncs: this.#syncs, violations: wrong.length, example };
  }
}
