import { expect, test } from 'vitest';
import type { CapsRecord, Command, ParcelView } from '../protocol/messages.ts';
import { check, type History, type IssuedCommand, type Watcher } from './history.ts';
import { type Feed, Log, parcelText } from './log.ts';
import { fold } from './oracle.ts';
import { type Fault, Findings, faults, inWords } from './verdict.ts';

// ---- a perfect run, as the mutants find it ----

type Step = [actor: string, event: CapsRecord['event'], order: string, details?: Record<string, unknown>];

const steps: readonly Step[] = [
  ['vendor:red', 'pickup', 'red/1'],
  ['vendor:blue', 'pickup', 'blue/1'],
  ['driver:ana', 'claimed', 'red/1'],
  ['driver:ben', 'in-transit', 'blue/1'],
  ['driver:ana', 'released', 'red/1'],
  ['driver:ben', 'claimed', 'red/1'],
  ['driver:ben', 'in-transit', 'red/1'],
  ['driver:ben', 'attempt-failed', 'red/1', { reason: 'not-home' }],
  ['driver:ben', 'delivered', 'blue/1', { outcome: 'mailbox', receivedBy: 'Kim' }],
  ['driver:ben', 'corrected', 'blue/1', { rev: 3 }],
  ['vendor:red', 'pickup', 'red/2'],
  ['vendor:red', 'note', 'red/2', { text: 'Ring twice.' }],
  ['vendor:red', 'note', 'red/2', { text: 'Ring twice.' }],
];

/** What a faultless hub would have made of the steps, each acked before the next is sent. */
function perfectRun(): Writable<Required<History>> {
  const log: CapsRecord[] = [];
  const commands: IssuedCommand[] = [];
  const revs = new Map<string, number>();
  const states = new Map<string, ReturnType<typeof fold>>();
  const ofStores = new Map<string, number>();
  steps.forEach(([actor, event, order, details], i) => {
    const [store = '', orderID = ''] = order.split('/');
    const [role, id] = actor.split(':') as ['vendor' | 'driver', string];
    const payload = { store, orderID, customer: 'Hulda Sophie Parker', address: '835 Meluk Pass' };
    const rev = (revs.get(order) ?? 0) + 1;
    revs.set(order, rev);
    const storeSeq = (ofStores.get(store) ?? 0) + 1;
    ofStores.set(store, storeSeq);
    const base = {
      seq: i + 1,
      event,
      time: new Date(i).toISOString(),
      status: 'ready' as const,
      rev,
      payload,
    };
    const draft: CapsRecord = {
      ...base,
      ...(details ? { details } : {}),
      by: { role, id },
      via: 'socket.io',
    };
    const state = fold(states.get(order), draft);
    states.set(order, state);
    const record = { ...draft, status: state.status };
    log.push(record);
    const { status, time } = record;
    const command = { event, payload: event === 'pickup' ? payload : { store, orderID }, id: `c${i}` };
    commands.push({
      client: actor,
      actor,
      command: { ...command, ...(details ? { details } : {}) } as Command & { id: string },
      start: i,
      end: i + 0.5,
      outcome: {
        kind: 'ok',
        answer: { ok: true, seq: role === 'vendor' ? storeSeq : i + 1, rev, status, time },
      },
    });
  });
  const rows = [...states].map(([order, { status, rev, attempts, holder }]): ParcelView => {
    const payload = log.find((record) => parcelText(record.payload) === order)?.payload;
    if (!payload) throw new Error(`no such order: ${order}`);
    const times = { createdAt: '', changedAt: '' };
    return { payload, status, rev, attempts, ...(holder ? { holder: { id: holder } } : {}), ...times };
  });
  const watchers = [
    watcher('log-1', { feed: 'log' }, log),
    watcher('log-2', { feed: 'log' }, log),
    watcher('red', { feed: 'store', store: 'red' }, log),
    watcher('blue', { feed: 'store', store: 'blue' }, log),
    { ...watcher('ana', { feed: 'board' }, log), offers: [{ store: 'red', orderID: '2' }] },
    watcher('ana', { feed: 'own', driver: 'ana' }, log),
    watcher('ben', { feed: 'own', driver: 'ben' }, log),
  ];
  return { commands, watchers, log, rows };
}

function watcher(client: string, reads: Feed, records: readonly CapsRecord[]): Writable<Watcher> {
  const { entries } = new Log(records, new Findings());
  const mine = entries.filter(({ record, after, offeredUntil }) => {
    if (reads.feed === 'store') return record.payload.store === reads.store;
    if (reads.feed === 'own') return after.drivers.includes(reads.driver);
    return reads.feed === 'log' || offeredUntil !== undefined;
  });
  const seen = mine.map(({ record, storeSeq }) => ({
    connection: 1,
    record: reads.feed === 'store' ? { ...record, seq: storeSeq } : record,
  }));
  return { client, reads, from: 0, toTheEnd: true, seen };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Writable<E>[] : T[K] };
type Run = ReturnType<typeof perfectRun>;

function at<T>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

function found(run: History): Fault[] {
  const verdict = check(run);
  return faults.filter((fault) => verdict[fault].count > 0);
}

// ---- the tests ----

test('a perfect run has no faults', () => {
  expect(inWords(check(perfectRun()))).toBe('');
});

test('a client that left early, one that came late and one that was told again under the same id are no faults', () => {
  const run = perfectRun();
  const early = at(run.watchers, 0);
  early.seen = early.seen.slice(0, 4);
  early.toTheEnd = false;
  const late = at(run.watchers, 1);
  late.from = 5;
  late.seen = late.seen.slice(5);
  const again = at(run.commands, 3);
  if (again.outcome.kind !== 'ok') throw new Error('the run is acked');
  const answer = { ...again.outcome.answer, duplicate: true as const };
  run.commands.push({ ...again, start: 90, end: 91, outcome: { kind: 'ok', answer } });
  expect(inWords(check(run))).toBe('');
});

test('an offer that was over by the end of its stretch need not be told', () => {
  const run = perfectRun();
  const board = at(run.watchers, 4);
  board.seen.shift();
  expect(found(run)).toEqual(['lost']);
  expect(found({ ...run, watchers: [{ ...board, stretches: [3, 13] }] })).toEqual([]);
  expect(found({ ...run, watchers: [{ ...board, stretches: [2, 13] }] })).toEqual(['lost']);
});

test('a command of unknown outcome may or may not be in the log', () => {
  const inside = perfectRun();
  inside.commands[0] = { ...at(inside.commands, 0), outcome: { kind: 'unknown' } };
  expect(found(inside)).toEqual(['unfinished']);
  const outside = perfectRun();
  outside.commands.push(issued({ kind: 'unknown' }));
  expect(found(outside)).toEqual(['unfinished']);
});

test('a command of somebody who is never answered is no fault, but its record is there once', () => {
  const run = perfectRun();
  run.commands[4] = { ...at(run.commands, 4), outcome: { kind: 'silent' } };
  run.commands.push(issued({ kind: 'silent' }));
  expect(found(run)).toEqual([]);
  run.commands[11] = { ...at(run.commands, 11), outcome: { kind: 'silent' } };
  run.commands.splice(12, 1);
  expect(found(run)).toEqual(['duplicate']);
});

function issued(outcome: IssuedCommand['outcome']): IssuedCommand {
  const command = { event: 'returned' as const, payload: { store: 'red', orderID: '1' }, id: 'extra' };
  return { client: 'red', actor: 'vendor:red', command, start: 100, end: 101, outcome };
}

/** One for each way a count can come about: what is done to the perfect run, and the faults it must show. */
const mutants: readonly [what: string, mutate: (run: Run) => void, shows: readonly Fault[]][] = [
  [
    'an acked command that the log does not have',
    (run) => {
      const time = new Date(99).toISOString();
      const answer = { ok: true as const, seq: 99, rev: 9, status: 'returned' as const, time };
      run.commands.push(issued({ kind: 'ok', answer }));
    },
    ['lost'],
  ],
  [
    'two notes acked as one record',
    (run) => {
      const [first, second] = [at(run.commands, -2), at(run.commands, -1)];
      run.commands.splice(-1, 1, { ...second, outcome: first.outcome, start: 11, end: 11.5 });
      run.log.pop();
      at(run.rows, 2).rev = 2;
      for (const { seen } of run.watchers) if (at(seen, -1).record.event === 'note') seen.pop();
    },
    ['lost'],
  ],
  ['a record that one reader never heard of', (run) => at(run.watchers, 5).seen.splice(1, 1), ['lost']],
  ['a parcel without a row', (run) => run.rows.pop(), ['lost']],
  [
    'an offer that the board does not show',
    (run) => Object.assign(at(run.watchers, 4), { offers: [] }),
    ['lost'],
  ],
  ['a record that nobody asked for', (run) => run.commands.splice(4, 1), ['phantom']],
  [
    'a record of a command that was refused',
    (run) => run.commands.splice(4, 1, { ...at(run.commands, 4), outcome: { kind: 'fail', code: 'taken' } }),
    ['phantom'],
  ],
  [
    'something told that the log does not have',
    (run) => {
      const last = at(run.log, -1);
      at(run.watchers, 0).seen.push({ connection: 2, record: { ...last, seq: last.seq + 1 } });
    },
    ['phantom'],
  ],
  [
    'a row without records',
    (run) => {
      const row = at(run.rows, 0);
      run.rows.push({ ...row, payload: { ...row.payload, orderID: '7' } });
    },
    ['phantom'],
  ],
  ['one note recorded twice', (run) => run.commands.splice(-1, 1), ['duplicate']],
  [
    'a record told twice to one client',
    (run) => {
      const { seen } = at(run.watchers, 2);
      seen.splice(2, 0, { ...at(seen, 1), connection: 2 });
    },
    ['duplicate'],
  ],
  [
    'one command id acked at two places',
    (run) => {
      const [first, second] = [at(run.commands, -2), at(run.commands, -1)];
      run.commands.splice(-1, 1, { ...second, command: { ...second.command, id: first.command.id } });
    },
    ['duplicate'],
  ],
  [
    'an ack that names another place',
    (run) => {
      const command = at(run.commands, 2);
      if (command.outcome.kind !== 'ok') throw new Error('the run is acked');
      const answer = { ...command.outcome.answer, seq: 4 };
      run.commands.splice(2, 1, { ...command, outcome: { kind: 'ok', answer } });
    },
    ['moved'],
  ],
  [
    'a record that was changed after it was told',
    (run) => {
      const last = at(run.log, -1);
      for (const { seen } of run.watchers) {
        const sighting = seen.at(-1);
        if (sighting?.record.event !== 'note') continue;
        seen.pop();
        seen.push({ connection: 1, record: { ...sighting.record, time: new Date(500).toISOString() } });
      }
      expect(last.event).toBe('note');
    },
    ['moved'],
  ],
  [
    'two readers told different things under one seq',
    (run) => {
      const { seen } = at(run.watchers, 1);
      const record = { ...at(seen, 6).record, time: new Date(500).toISOString() };
      seen.splice(6, 1, { connection: 1, record });
    },
    ['moved', 'diverged'],
  ],
  [
    'a row that is not the fold of its records',
    (run) => Object.assign(at(run.rows, 0), { holder: { id: 'ana' } }),
    ['diverged'],
  ],
  [
    'a delivered parcel still on a board',
    (run) => {
      const delivered = { store: 'blue', orderID: '1' };
      const board = at(run.watchers, 4);
      Object.assign(board, { offers: [...(board.offers ?? []), delivered] });
    },
    ['diverged'],
  ],
  [
    'neighbours told in the other order',
    (run) => {
      const { seen } = at(run.watchers, 5);
      seen.splice(0, 2, at(seen, 1), at(seen, 0));
    },
    ['reordered'],
  ],
  [
    'a record that stands before one that was acked before it was sent',
    (run) => {
      const command = at(run.commands, 3);
      run.commands.splice(3, 1, { ...command, start: 50, end: 51 });
    },
    ['reordered'],
  ],
  ['a stretch that skips a record', (run) => at(run.watchers, 2).seen.splice(1, 1), ['lost', 'hole']],
  [
    'a log that skips a number',
    (run) => {
      const last = at(run.log, -1);
      run.log.splice(-1, 1, { ...last, seq: last.seq + 1 });
      for (const { reads, seen } of run.watchers) {
        if (reads.feed === 'log') seen.splice(-1, 1, { connection: 1, record: at(run.log, -1) });
      }
    },
    ['hole'],
  ],
  ['a parcel claimed twice', (run) => claimAgain(run, 'claimed'), ['doubleClaim']],
  ['a parcel collected from under its holder', (run) => claimAgain(run, 'in-transit'), ['doubleClaim']],
  ['a delivery by a driver who lost the parcel', (run) => claimAgain(run, 'delivered'), ['staleWrite']],
  [
    'a delivery of a parcel that nobody collected',
    (run) => append(run, 'driver:ana', 'red/2', 'delivered'),
    ['staleWrite'],
  ],
  [
    "another store's record",
    (run) => {
      const { seen } = at(run.watchers, 3);
      seen.push({ connection: 1, record: { ...at(run.log, 0), seq: seen.length + 1 } });
    },
    ['leak'],
  ],
  [
    'the life of a parcel told to a driver who never had it',
    (run) => at(run.watchers, 5).seen.splice(0, 0, { connection: 1, record: at(run.log, 1) }),
    ['leak'],
  ],
  ['a command without an answer', (run) => run.commands.push(issued({ kind: 'unknown' })), ['unfinished']],
];

/** Ana, who gave red/1 back, acts on it though Ben has it. */
function claimAgain(run: Run, event: 'claimed' | 'in-transit' | 'delivered'): void {
  append(run, 'driver:ana', 'red/1', event);
}

/** A record that every reader is told of as it should be, and that its row agrees with; only it is not right. */
function append(run: Run, actor: string, order: string, event: CapsRecord['event']): void {
  const payload = run.log.find((record) => parcelText(record.payload) === order)?.payload;
  const row = run.rows.find((one) => parcelText(one.payload) === order);
  if (!payload || !row) throw new Error(`no such order: ${order}`);
  const [role, id] = actor.split(':') as ['driver', string];
  const draft: CapsRecord = {
    seq: run.log.length + 1,
    event,
    time: new Date(99).toISOString(),
    status: 'ready',
    rev: row.rev + 1,
    payload,
    by: { role, id },
    via: 'socket.io',
  };
  const state = new Log([...run.log, draft], new Findings()).parcels.get(order);
  if (!state) throw new Error('the parcel was just appended to');
  const record = { ...draft, status: state.status };
  run.log.push(record);
  row.status = state.status;
  row.rev = record.rev;
  if (state.holder) row.holder = { id: state.holder };
  const { seq, rev, status, time } = record;
  const command = { event, payload: { store: payload.store, orderID: payload.orderID }, id: 'wrong' };
  run.commands.push({
    client: id,
    actor,
    command: command as Command & { id: string },
    start: 98,
    end: 99,
    outcome: { kind: 'ok', answer: { ok: true, seq, rev, status, time } },
  });
  run.watchers = run.watchers.map((one) => {
    const { seen } = watcher(one.client, one.reads, run.log);
    const offers = one.offers?.filter((offer) => parcelText(offer) !== order);
    return { ...one, seen, ...(offers ? { offers } : {}) };
  });
}

test.each(mutants)('finds %s', (_, mutate, shows) => {
  const run = perfectRun();
  mutate(run);
  expect(found(run)).toEqual(shows);
});

test('every count has a mutant', () => {
  const shown = new Set(mutants.flatMap(([, , shows]) => shows));
  expect(faults.filter((fault) => !shown.has(fault))).toEqual([]);
});
