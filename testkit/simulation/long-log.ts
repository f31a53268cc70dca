/** Long logs, so that a world begins just below the real hub's thresholds. */

import { cpSync } from 'node:fs';
import { type Command, parseCommand } from '../../protocol/messages.ts';
import { systemClock } from '../../server/clock.ts';
import { createHub } from '../../server/hub/hub.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { IssuedCommand } from '../history.ts';
import { memoryFolder } from './disk.ts';

export interface LongLog {
  readonly folder: string;
  /** The commands that made it. */
  readonly commands: readonly IssuedCommand[];
}

/** Just below 4,096 recent rows, below an index from 5,000 records on, and below its chunks of 8,192. */
export const longLengths = [4_000, 4_950, 8_100] as const;

const store = 'long-ago';
const atOnce = 250;
/** Before the world begins. */
const madeAt = Date.parse('2026-11-20T12:00:00.000Z');
/** Made once per length and run, then copied. */
const made = new Map<number, Promise<LongLog>>();

/** Fills a log with cancelled orders, which need nothing more. */
export function longLog(records: number): Promise<LongLog> {
  const known = made.get(records) ?? make(records);
  made.set(records, known);
  return known;
}

export function copyOf({ folder }: LongLog, into: string): void {
  cpSync(folder, into, { recursive: true });
}

async function make(records: number): Promise<LongLog> {
  const folder = memoryFolder();
  const disk = openSqliteStore(folder);
  const onFault = (error: unknown) => {
    throw error;
  };
  const hub = await createHub({ store: disk, clock: { ...systemClock, now: () => madeAt }, onFault });
  const commands: IssuedCommand[] = [];
  const send = async (all: readonly (Command & { id: string })[]): Promise<void> => {
    const answers = await hub.submit({ role: 'vendor', store }, 'rest', all);
    for (const [i, command] of all.entries()) {
      if (!answers[i]?.ok) throw new Error(`refused: ${JSON.stringify(answers[i])}`);
      const outcome = { kind: 'silent' } as const;
      commands.push({ client: store, actor: `vendor:${store}`, command, start: 0, end: 0, outcome });
    }
  };
  for (let done = 0; done < records / 2; done += atOnce) {
    const ids = Array.from({ length: Math.min(atOnce, records / 2 - done) }, (_, i) => String(done + i));
    await send(ids.map((id) => orderOf(id)));
    await send(ids.map((id) => parsed({ event: 'cancelled', payload: { store, orderID: id } }, `c${id}`)));
  }
  await hub.close();
  await disk.close();
  return { folder, commands };
}

function orderOf(orderID: string): Command & { id: string } {
  const payload = { store, orderID, customer: `Customer ${orderID}`, address: '1 Long Road' };
  return parsed({ event: 'pickup', payload }, `p${orderID}`);
}

function parsed(command: object, id: string): Command & { id: string } {
  return { ...parseCommand({ ...command, id }), id };
}
