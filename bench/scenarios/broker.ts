/** A server that keeps what is published and tells its readers: ours, or another to compare it with. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

export interface RunningBroker {
  /** What its clients connect to. */
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What its clients do. Both resolve when they are connected. */
export interface BrokerClients {
  /** A reader of everything, from now on. @param onRecords called with how many more it has read */
  openReader(address: string, reader: number, onRecords: (count: number) => void): Promise<void>;
  /**
   * @param onAcked called with how many more are on the disk
   * @returns a function that publishes so many records at once and resolves when all are
   */
  openPublisher(
    address: string,
    publisher: number,
    onAcked: (count: number) => void,
  ): Promise<(count: number) => Promise<void>>;
}

/** What another broker carries: the text of a record, as our hub writes it. */
export function recordText(publisher: number, n: number): string {
  return JSON.stringify({
    ...{ seq: n, event: 'pickup', time: new Date().toISOString(), status: 'ready', rev: 1 },
    payload: {
      ...{ store: `${publisher + 1}-flowers`, orderID: `${publisher}-${n}` },
      ...{ customer: 'Hulda Sophie Parker', address: '835 Meluk Pass, Hodtinihi' },
    },
    ...{ by: { role: 'vendor', id: `${publisher + 1}-flowers` }, via: 'socket.io' },
  });
}

/** Starts a server, which ends with this process at the latest. */
export function launch(
  program: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/** Resolves when it has printed a line that matches. @throws Error if it ends before */
export async function untilPrinted(child: ChildProcess, output: Readable, pattern: RegExp): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`it ended with ${code}`);
  });
  const printed = (async () => {
    for await (const line of createInterface({ input: output })) if (pattern.test(line)) return;
  })();
  await Promise.race([printed, ended]);
  // Nobody waits for it any more.
  ended.catch(() => {});
  for (const stream of child.stdio) if (stream instanceof Readable) stream.resume();
}

/** Kills it and waits. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
