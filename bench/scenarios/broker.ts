/** A server that keeps what is published and tells its readers: ours, or another to compare it with. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

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
  /** @returns a function that publishes so many records at once and resolves when all are on the disk */
  openPublisher(address: string, publisher: number): Promise<(count: number) => Promise<void>>;
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

/** Kills it and waits. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
