import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import { admin, ana, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { createPins } from '../access/pins.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { type Store, UnknownOutcomeError } from '../store/store.ts';
import { Backlog } from './backlog.ts';
import { CommitLoop } from './commit-loop.ts';

let folder: string;
let clock: SimulatedClock;
let log: Store;
let store: SimulatedStore;
let loop: CommitLoop;
/** How long a commit takes on its way to the disk, and back again. */
let delayMs: number;
/** What happened around the commits, in its order. */
let told: string[];

beforeEach(() => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  delayMs = 0;
  told = [];
  log = openSqliteStore(folder);
  store = new SimulatedStore(log, clock, () => delayMs);
  loop = new CommitLoop({
    store,
    clock,
    backlog: new Backlog(clock),
    writeHealth: { wrote: () => void told.push('wrote'), failed: () => void told.push('failed') },
    timeMs: 0,
    pins: createPins(log.secret),
    publish: (rows) => void told.push(`published ${rows.map(({ seq }) => seq)}`),
    onFault: (_, what) => void told.push(what),
    onAssigned: ({ orderID }) => void told.push(`given ${orderID}`),
  });
});
afterEach(async () => {
  await clock.settling(loop.close());
  await log.close();
  rmSync(folder, { recursive: true });
});

function submit(commands: readonly (Command | CapsError)[], actor = red): Promise<Answer[]> {
  return loop.submit(actor, 'hub', commands);
}
const orders = (...ids: string[]) => ids.map((id) => order('red', id));
const saidOf = (answer: Answer) => (answer.ok ? answer.rev : answer.error.code);

describe('what goes into one commit', () => {
  it('is all that comes in during one turn, from whomever', async () => {
    const all = [submit(orders('a', 'b')), submit([order('blue', 'c')], { role: 'vendor', store: 'blue' })];
    await clock.settling(Promise.all(all));
    expect(told).toEqual(['wrote', 'published 1,2,3']);
  });

  it('is all that came while the one before was under way', async () => {
    delayMs = 5;
    const answered = [submit(orders('a'))];
    await clock.advance(1);
    answered.push(submit(orders('b')), submit(orders('c')));
    await clock.advance(30);
    await Promise.all(answered);
    expect(told).toEqual(['wrote', 'published 1', 'wrote', 'published 2,3']);
  });

  it('is no more than a batch: the rest goes into the next', async () => {
    const ids = Array.from({ length: limits.batch }, (_, index) => `${index}`);
    const all = [submit(orders(...ids)), submit([order('blue', 'late')], { role: 'vendor', store: 'blue' })];
    await clock.settling(Promise.all(all));
    expect(told.filter((what) => what === 'wrote')).toHaveLength(2);
    expect(told.at(-1)).toBe(`published ${limits.batch + 1}`);
  });
});

it('[S2] full commits go on without waiting for input, eight in a row, and then for what has come in', async () => {
  const batch = (from: number) =>
    orders(...Array.from({ length: limits.batch }, (_, index) => `${from}-${index}`));
  const all = Array.from({ length: 10 }, (_, from) => submit(batch(from)));
  const turn = () => {
    told.push('turn');
    if (told.filter((what) => what === 'wrote').length < 10) clock.soon(turn);
  };
  turn();
  await clock.settling(Promise.all(all));
  const [, ...turns] = told.join(' ').split('turn');
  const commits = turns.map((what) => what.split('wrote').length - 1);
  expect(commits.filter((count) => count > 0)).toEqual([8, 2]);
});

describe('an answer', () => {
  it('comes before anybody is told of its record', async () => {
    const answered = submit(orders('a')).then(() => told.push('answered'));
    await clock.settling(answered);
    expect(told).toEqual(['wrote', 'answered', 'published 1']);
  });

  it('stands where its command stood, whoever refused it: the door, the parcel or nobody', async () => {
    const commands = [
      new CapsError('too-fast'),
      ...orders('a'),
      step('delivered', 'red', 'none'),
      ...orders('b'),
    ];
    const answers = await clock.settling(submit(commands));
    expect(answers.map(saidOf)).toEqual(['too-fast', 1, 'unknown-parcel', 1]);
  });

  it('to nothing comes at once', async () => {
    expect(await submit([])).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is "busy" for all from the first for which there is no room', async () => {
    delayMs = 2_000;
    const first = submit(orders('a'));
    await clock.advance(1_500);
    // The commit that is under way takes longer than anybody is to wait.
    const answers = await submit(orders('b', 'c'));
    expect(answers.map(saidOf)).toEqual(['busy', 'busy']);
    await clock.advance(5_000);
    expect((await first).map(saidOf)).toEqual([1]);
  });
});

describe('when a commit fails', () => {
  it('each command is tried on its own, and the one that the store chokes on is refused alone', async () => {
    store.chokesOn = 'b';
    const answers = await clock.settling(submit(orders('a', 'b', 'c')));
    expect(answers.map(saidOf)).toEqual([1, 'internal', 1]);
    expect(told.at(-1)).toBe('published 1,2');
    expect(told).not.toContain('failed');
  });

  it('and a connection breaks again and again at one command, that may be sent again', async () => {
    store.chokesOn = 'b';
    store.chokesWith = new CapsError('unavailable', 'The hub’s database does not answer.');
    const answers = await clock.settling(submit(orders('a', 'b', 'c')));
    expect(answers.map(saidOf)).toEqual([1, 'unavailable', 1]);
  });

  it('for two of them in a row, the disk is at fault: the rest is not tried, and may be sent again', async () => {
    store.failure = new Error('database or disk is full');
    const answers = await clock.settling(submit(orders('a', 'b', 'c', 'd')));
    expect(answers.map(saidOf)).toEqual(Array(4).fill('unavailable'));
    const tries = ['a commit failed', 'a commit failed', 'a commit failed'];
    expect(told).toEqual([...tries, 'failed', 'published ']);
  });

  it('[D4] and nobody knows whether it took effect, nothing is tried again: that could record it twice', async () => {
    store.failure = new UnknownOutcomeError(new Error('the connection broke'));
    const answers = await clock.settling(submit(orders('a', 'b')));
    expect(answers.map(saidOf)).toEqual(['unavailable', 'unavailable']);
    expect(told).toEqual(['a commit failed', 'failed', 'published ']);
  });

  it('a command that failed before the disk came back is tried once more', async () => {
    store.failuresLeft = 2;
    const answers = await clock.settling(submit(orders('a', 'b')));
    expect(answers.map(saidOf)).toEqual([1, 1]);
  });
});

it('a refusal for good is given again, though the command has become possible', async () => {
  const early = step('claimed', 'red', 'a', { id: 'early' });
  expect((await clock.settling(submit([early], ana))).map(saidOf)).toEqual(['unknown-parcel']);
  await clock.settling(submit(orders('a')));
  expect((await clock.settling(submit([early], ana))).map(saidOf)).toEqual(['unknown-parcel']);
});

it('says when somebody other than a driver puts a parcel into a driver’s hands', async () => {
  await clock.settling(submit(orders('a')));
  await clock.settling(submit([step('claimed', 'red', 'a')], ana));
  expect(told).not.toContain('given a');
  await clock.settling(submit([step('reassigned', 'red', 'a', { details: { driver: 'ben' } })], admin));
  expect(told).toContain('given a');
});

it('says how far the log’s time is ahead of a clock that was set back', async () => {
  await clock.settling(submit(orders('a')));
  expect(loop.aheadMs).toBe(0);
  clock.set(-60_000);
  expect(loop.aheadMs).toBe(60_000);
});

it('closing: what waits is committed and answered, what comes later is refused', async () => {
  const waiting = submit(orders('a'));
  const closed = loop.close();
  const late = await submit(orders('b'));
  expect(late.map(saidOf)).toEqual(['unavailable']);
  await clock.settling(closed);
  expect((await waiting).map(saidOf)).toEqual([1]);
  expect(told).toEqual(['wrote', 'published 1']);
  await loop.close();
});
