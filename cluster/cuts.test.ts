import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import type { Command } from '../protocol/messages.ts';
import { systemClock } from '../server/clock.ts';
import { createHub, type Hub } from '../server/hub/hub.ts';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { Cluster } from '../testkit/cluster.ts';
import { type CommitFate, DatabaseWire } from '../testkit/database-wire.ts';
import { readWhole } from '../testkit/ending.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { orderRun } from './order-run.ts';

const cutsMax = Number(process.env['CUTS'] ?? 200);
const fates: readonly CommitFate[] = ['lose-reply', 'lose-reply', 'break', 'delay', 'lose-request'];

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

/** Cuts some of the commits on these wires, each in its own way. */
class Scissors {
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

it('[D1][D4] commands without ids, whose commits lose their answers, are recorded once or not at all, as they are answered', async () => {
  const url = await server.database();
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
  const wires: DatabaseWire[] = [];
  const hubs: Hub[] = [];
  for (const name of ['a', 'b', 'c']) {
    const wire = stack.adopt(await DatabaseWire.start(server.port), (it) => it.close());
    const store = await openPostgresStore({
      url: wire.urlOf(url),
      folder: join(folder, name),
      tell: () => {},
    });
    stack.defer(() => store.close());
    hubs.push(
      stack.adopt(await createHub({ store, clock: systemClock, onFault: () => {} }), (it) => it.close()),
    );
    wires.push(wire);
  }
  const actor = { role: 'vendor', store: 'red' } as const;
  const orderOf = (orderID: string): Command => {
    return { event: 'pickup', payload: { store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' } };
  };
  const orderIds = Array.from({ length: 20 }, (_, i) => String(i));
  await hubs[0]?.submit(actor, 'rest', orderIds.map(orderOf));

  const scissors = new Scissors(wires, seeded(seed), cutsMax);
  const answered = new Map<string, 'ok' | string>();
  const write = async (hub: Hub, name: number): Promise<void> => {
    for (let i = 0; scissors.count < cutsMax; i += 1) {
      const texts = Array.from({ length: 1 + (i % 3) }, (_, k) => `${name} ${i} ${k}`);
      // Notes always append: a second attempt of the hub would be a second record.
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

  const { log } = await readWhole(
    await openPostgresStore({ url, folder: join(folder, 'd'), tell: () => {} }),
  );
  const counts = new Map<string, number>();
  for (const { details } of log) {
    const text = String(details?.['text'] ?? '');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  counts.delete('');
  console.log(`SEED=${seed}`, scissors.byFate, { answered: answered.size, recorded: counts.size });
  const wrong = [...answered].filter(([text, said]) => (counts.get(text) ?? 0) !== (said === 'ok' ? 1 : 0));
  expect(wrong).toEqual([]);
  expect([...counts.keys()].filter((text) => !answered.has(text))).toEqual([]);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
  const others = new Set(answered.values());
  expect([...others].filter((said) => !['ok', 'unavailable', 'busy'].includes(said))).toEqual([]);
  expect(others).toContain('ok');
});

it('[D1][D2][D4] three hubs whose commits lose their answers have one order, and find out themselves what is recorded', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server, wired: true });
  const scissors = new Scissors(cluster.wires, seeded(seed), 40);
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...{ seed, stores: 8, drivers: 8, windowMax: 8, settleMs: 60_000 },
    answers: () => scissors.count < 40,
  });
  console.log(`SEED=${seed}`, scissors.byFate, numbers);
  expect(inWords(verdict)).toBe('');
  // A client whose connection broke asks again; a hub that does not find out would make far more of them ask.
  expect(numbers.knownAgain).toBeLessThan(10);
});
