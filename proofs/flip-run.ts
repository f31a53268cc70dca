/**
 * One run of the flip proof: it writes a log, closes it and reads everything that a hub serves of it. Then it flips one
 * bit of the file, opens the log again, reads the same, and flips the bit back; and so on.
 *
 * An answer is a list of facts. After a flip it may have no new fact, and if one is missing, the answer itself or the
 * check of all rows must report it.
 */

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { damagedIn } from '../server/store/sqlite/check.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import { DamagedError, type Page, type ParcelPage, type Store, StoreError } from '../server/store/store.ts';
import { seeded } from '../testkit/chance.ts';
import { fullStores, writeFullLog } from '../testkit/full-log.ts';

export interface FlipReport {
  readonly flips: number;
  /** The hub refuses to start, with a sentence. */
  readonly refused: number;
  /** The hub runs and names the damage. */
  readonly named: number;
  /** The answers are the same: the bit was in free space, for example. */
  readonly harmless: number;
  /** Served a wrong fact, or left one out silently. */
  readonly lies: readonly string[];
}

interface Answer {
  readonly facts: readonly string[];
  /** It reports that something is missing. */
  readonly isWhole: boolean;
}

type Answers = ReadonlyMap<string, Answer>;

const stores = fullStores;
const ordersPerStore = 30;
const everything = 10_000;

export async function flipRun({ seed, flips }: { seed: number; flips: number }): Promise<FlipReport> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), 'caps-')), (it) => rmSync(it, { recursive: true }));
  const [file, kept] = [join(folder, 'caps.sqlite'), join(folder, 'kept')];
  const hashes = await write(folder);
  copyFileSync(file, kept);
  const whole = readFileSync(kept);
  const ask = () => outcomeOf(folder, hashes);
  const truth = await ask();
  if (truth.kind !== 'answered' || truth.named > 0) throw new Error('a log that nobody touched is not sound');
  const chance = seeded(seed);
  const counts = { refused: 0, named: 0, harmless: 0 };
  const lies: string[] = [];
  for (let i = 0; i < flips; i += 1) {
    const bit = chance.int(0, whole.length * 8 - 1);
    const bytes = Buffer.from(whole);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(file, bytes);
    const after = await ask();
    if (after.kind === 'refused') counts.refused += 1;
    else {
      const lie = lieIn(truth.answers, after.answers, after.named > 0);
      if (lie) lies.push(`bit ${bit & 7} of byte ${bit >> 3}: ${lie}`);
      else if (after.named > 0) counts.named += 1;
      else counts.harmless += 1;
    }
    for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true });
  }
  return { flips, ...counts, lies };
}

/** @returns the hashes of the keys */
async function write(folder: string): Promise<Uint8Array[]> {
  const store = openSqliteStore(folder);
  const hashes = await writeFullLog(store, ordersPerStore);
  await store.close();
  return hashes;
}

type Outcome =
  | { readonly kind: 'refused' }
  | { readonly kind: 'answered'; readonly answers: Answers; readonly named: number };

async function outcomeOf(folder: string, hashes: readonly Uint8Array[]): Promise<Outcome> {
  let store: Store;
  try {
    store = openSqliteStore(folder);
  } catch (error) {
    if (error instanceof StoreError) return { kind: 'refused' };
    throw error;
  }
  try {
    const answers = await answersOf(store, hashes);
    // The patrol thread does the same after a start.
    const db = new DatabaseSync(join(folder, 'caps.sqlite'), { readOnly: true });
    for (const name of damagedIn(db)) if (name !== undefined) store.damage.found(name);
    db.close();
    return { kind: 'answered', answers, named: store.damage.count };
  } finally {
    await store.close();
  }
}

async function answersOf(store: Store, hashes: readonly Uint8Array[]): Promise<Answers> {
  const answers = new Map<string, Answer>();
  const ask = async (question: string, look: () => Promise<Answer>) => {
    try {
      answers.set(question, await look());
    } catch (error) {
      const isSaid = error instanceof DamagedError || isSqlite(error);
      answers.set(question, isSaid ? { facts: [], isWhole: false } : facts([`fell over: ${error}`]));
    }
  };
  const range = { after: 0, limit: everything };
  await ask('its name', async () => facts([store.epoch, [...store.secret], await store.head()]));
  await ask('set-backs', async () => facts(await store.setBacks()));
  await ask('log', async () => pageFacts(await store.read({ kind: 'all' }, range)));
  await ask('keys', async () => facts(await store.keys.list()));
  for (const hash of hashes) {
    await ask(`key ${hash[0]}`, async () => facts([(await store.keys.find(hash)) ?? 'none']));
  }
  for (const name of stores) {
    const scope = { kind: 'store', store: name } as const;
    await ask(`log of ${name}`, async () => pageFacts(await store.read(scope, range)));
    await ask(`log of ${name}, from its end`, async () =>
      pageFacts(await store.read(scope, { before: everything, limit: everything })),
    );
    await ask(`head of ${name}`, async () => facts([await store.headOf(scope)]));
    await ask(`profile of ${name}`, async () => facts([(await store.profiles.find(name)) ?? 'none']));
    for (const part of [
      {},
      { unfinished: true },
      { unacknowledged: true },
      { statuses: ['delivered'] } as const,
    ]) {
      const query = { store: name, order: 'oldest', limit: everything, ...part } as const;
      await ask(`parcels of ${name} ${JSON.stringify(part)}`, async () =>
        listFacts(await store.parcels(query)),
      );
    }
    for (let i = 0; i < ordersPerStore; i += 1) {
      const key = { store: name, orderID: `${i}` };
      await ask(`parcel ${name}/${i}`, async () => facts([(await store.parcel(key)) ?? 'none']));
      await ask(`life of ${name}/${i}`, async () =>
        pageFacts(await store.read({ kind: 'parcel', parcel: key }, range)),
      );
      const command = { actor: `vendor:${name}`, id: `order-${name}-${i}` };
      await ask(`command ${command.id}`, async () => {
        const { result } = await store.commit({ parcels: [], commands: [command] }, (found) => ({
          ...{ appends: [], result: found.command(command) ?? 'none' },
        }));
        return facts([result]);
      });
    }
  }
  return answers;
}

function facts(list: readonly unknown[]): Answer {
  return { facts: list.map((one) => JSON.stringify(one)), isWhole: true };
}

function pageFacts({ rows, damaged = [] }: Page): Answer {
  return { ...facts(rows), isWhole: damaged.length === 0 };
}

function listFacts({ parcels, damaged = 0 }: ParcelPage): Answer {
  return { ...facts(parcels), isWhole: damaged === 0 };
}

function isSqlite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

function lieIn(truth: Answers, answers: Answers, isNamed: boolean): string | undefined {
  // The damaged field may be the one that a list filters by: then the list has the parcel, and the damage is named.
  const known = new Set([...truth].flatMap(([question, { facts }]) => (isWholeList(question) ? facts : [])));
  for (const [question, { facts, isWhole }] of answers) {
    const true_ = truth.get(question)?.facts ?? [];
    const invented = facts.find(
      (fact) => !true_.includes(fact) && !(isNamed && (fact === '"none"' || known.has(fact))),
    );
    if (invented !== undefined) return `${question}: ${invented.slice(0, 200)}`;
    if (isWhole && facts.length < true_.length && !isNamed) return `${question}: something is left out`;
  }
  return undefined;
}

const isWholeList = (question: string): boolean =>
  question.startsWith('parcels of ') && question.endsWith(' {}');
