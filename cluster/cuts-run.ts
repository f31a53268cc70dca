/**
 * Commits whose answers are lost, delayed or broken off, of hubs on one database. Every command appends, so a second
 * attempt of a hub would be a second record; at the end the log must hold what was answered with ok, and nothing else.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../protocol/messages.ts';
import { systemClock } from '../server/clock.ts';
import { createHub, type Hub } from '../server/hub/hub.ts';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { type CommitFate, DatabaseWire } from '../testkit/database-wire.ts';
import { readWhole } from '../testkit/ending.ts';
import type { PostgresServer } from '../testkit/postgres-server.ts';

const fates: readonly CommitFate[] = ['lose-reply', 'lose-reply', 'break', 'delay', 'lose-request'];

/** Cuts some of the commits on these wires, each in its own way. */
export class Scissors {
  readonly byFate: Partial<Record<CommitFate, number>> = {};
  count = 0;

  constructor(wires: readonly DatabaseWire[], chance: Chance, cutsMax: number) {
    for (const wire of wires) {
      wire.onCommit = () => {
        if (this.count === cutsMax || chance.int(0, 2) > 0) return 'pass';
        const fate = chance.pick(fates);
        this.byFate[fate] = (this.byFate[fate] ?? 0) + 1;
        this.count += 1;
        return fate;
      };
    }
  }
}

export interface CutsReport {
  readonly byFate: Readonly<Partial<Record<CommitFate, number>>>;
  readonly answered: number;
  readonly recorded: number;
  /** Commands that were answered with ok and are not recorded once, or otherwise and are recorded. */
  readonly wrong: readonly string[];
  /** Records of which no answer tells. */
  readonly unanswered: readonly string[];
  /** Whether the log is numbered without a hole. */
  readonly isDense: boolean;
  /** Different answers: `ok` and codes of errors. */
  readonly answers: ReadonlySet<string>;
}

const orderCount = 20;
const actor = { role: 'vendor', store: 'red' } as const;

export async function cutsRun(
  server: PostgresServer,
  { seed, cuts }: { readonly seed: number; readonly cuts: number },
): Promise<CutsReport> {
  const url = await server.database();
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
  const wires: DatabaseWire[] = [];
  const hubs: Hub[] = [];
  for (const name of ['a', 'b', 'c']) {
    const wire = stack.adopt(await DatabaseWire.start(server.port), (it) => it.close());
    const options = { url: wire.urlOf(url), folder: join(folder, name), tell: () => {} };
    const store = await openPostgresStore(options);
    stack.defer(() => store.close());
    hubs.push(
      stack.adopt(await createHub({ store, clock: systemClock, onFault: () => {} }), (it) => it.close()),
    );
    wires.push(wire);
  }
  const orderIds = Array.from({ length: orderCount }, (_, i) => String(i));
  await hubs[0]?.submit(actor, 'rest', orderIds.map(pickupOf));

  const scissors = new Scissors(wires, seeded(seed), cuts);
  const answered = new Map<string, string>();
  const write = async (hub: Hub, name: number): Promise<void> => {
    for (let i = 0; scissors.count < cuts; i += 1) {
      const texts = Array.from({ length: 1 + (i % 3) }, (_, k) => `${name} ${i} ${k}`);
      const payload = { store: 'red', orderID: orderIds[i % orderIds.length] ?? '' };
      const notes = texts.map((text): Command => ({ event: 'note', payload, details: { text } }));
      const answers = await hub.submit(actor, 'rest', notes);
      // A busy hub answers at once.
      await pause(1);
      for (const [k, text] of texts.entries()) {
        const answer = answers[k];
        answered.set(text, answer?.ok ? 'ok' : (answer?.error.code ?? 'none'));
      }
    }
  };
  await Promise.all(hubs.map(write));

  const reader = await openPostgresStore({ url, folder: join(folder, 'd'), tell: () => {} });
  const { log } = await readWhole(reader);
  const counts = new Map<string, number>();
  for (const { details } of log) {
    const text = String(details?.['text'] ?? '');
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const isWrong = ([text, said]: [string, string]) => (counts.get(text) ?? 0) !== (said === 'ok' ? 1 : 0);
  return {
    ...{ byFate: scissors.byFate, answered: answered.size, recorded: counts.size },
    wrong: Array.from(answered)
      .filter(isWrong)
      .map(([text, said]) => `${text}: ${said}, ${counts.get(text) ?? 0} records`),
    unanswered: [...counts.keys()].filter((text) => !answered.has(text)),
    isDense: log.every(({ seq }, i) => seq === i + 1),
    answers: new Set(answered.values()),
  };
}

function pickupOf(orderID: string): Command {
  return { event: 'pickup', payload: { store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' } };
}
