import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Command } from '../protocol/messages.ts';
import { Outbox, type OutboxStorage, type RestoredCommands, type StoredCommand } from './outbox.ts';

const note = (id: string, text = 'hello'): Command & { id: string } => ({
  event: 'note',
  payload: { store: 'red', orderID: '1' },
  details: { text },
  id,
});
const ok = (seq: number): Answer => ({
  ok: true,
  seq,
  rev: 1,
  status: 'ready',
  time: '2026-11-20T18:00:00.000Z',
});
const no = (retryable: boolean): Answer => ({
  ok: false,
  error: { code: retryable ? 'busy' : 'taken', message: 'No.', retryable },
});
const idsOf = (batch: readonly Command[]): (string | undefined)[] => batch.map(({ id }) => id);

/** An outbox with commands a, b, c …, and their answers. */
function filled(...ids: string[]): { outbox: Outbox; answers: Map<string, Answer> } {
  const outbox = new Outbox();
  const answers = new Map<string, Answer>();
  for (const id of ids) void outbox.add(note(id)).then((answer) => answers.set(id, answer));
  return { outbox, answers };
}

describe('an outbox', () => {
  it('sends the oldest first, and repeats them until they are answered', () => {
    const { outbox } = filled('a', 'b', 'c');
    expect(idsOf(outbox.next(2, 10_000))).toEqual(['a', 'b']);
    expect(idsOf(outbox.next(2, 10_000))).toEqual(['a', 'b']);
    expect(outbox.size).toBe(3);
  });

  it('settles each with its own answer, including final refusals', async () => {
    const { outbox, answers } = filled('a', 'b', 'c');
    expect(outbox.settle([ok(1), no(false)])).toBe(true);
    await Promise.resolve();
    expect([...answers]).toEqual([
      ['a', ok(1)],
      ['b', no(false)],
    ]);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['c']);
  });

  it('keeps a retryable command and everything behind it in order', async () => {
    const { outbox, answers } = filled('a', 'b', 'c');
    expect(outbox.settle([ok(1), no(true), ok(2)])).toBe(false);
    await Promise.resolve();
    expect([...answers.keys()]).toEqual(['a']);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['b', 'c']);
  });

  it('fills a message by size, and sends a command alone that is larger', () => {
    const outbox = new Outbox();
    for (const id of ['a', 'b', 'c']) void outbox.add(note(id, '€'.repeat(900)));
    const bytes = Buffer.byteLength(JSON.stringify(outbox.next(10, 1_000_000)));
    expect(outbox.next(10, bytes / 2)).toHaveLength(1);
    expect(outbox.next(10, 1)).toHaveLength(1);
    for (const bytesMax of [4_000, 7_000, 9_000, 12_000]) {
      const batch = outbox.next(10, bytesMax);
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(bytesMax);
    }
  });

  it('answers everything when it is abandoned', async () => {
    const { outbox, answers } = filled('a', 'b');
    outbox.abandon(no(true));
    await Promise.resolve();
    expect([...answers]).toEqual([
      ['a', no(true)],
      ['b', no(true)],
    ]);
    expect(outbox.size).toBe(0);
    expect(outbox.next(10, 10_000)).toEqual([]);
  });
});

/** A storage in memory. The test adds the commands of other programs. */
class MemoryStorage implements OutboxStorage {
  readonly kept = new Map<string, StoredCommand>();
  leave: (kept: readonly StoredCommand[]) => void = () => {};
  opened: () => void = () => {};
  isClosed = false;

  open(left: (kept: readonly StoredCommand[]) => void): Promise<void> {
    this.leave = left;
    return new Promise((resolve) => {
      this.opened = resolve;
    });
  }
  add(kept: StoredCommand): void {
    this.kept.set(kept.command.id, kept);
  }
  replace(kept: StoredCommand): void {
    this.kept.set(kept.command.id, kept);
  }
  refuse(id: string, refusal: NonNullable<StoredCommand['refusal']>): void {
    const kept = this.kept.get(id);
    if (kept) this.kept.set(id, { ...kept, refusal });
  }
  remove(id: string): void {
    this.kept.delete(id);
  }
  close(): void {
    this.isClosed = true;
  }
}

describe('an outbox that outlives its program', () => {
  const given = Date.UTC(2026, 10, 20, 18);
  const left = (id: string): StoredCommand => ({ command: note(id), at: given });
  let drawer: MemoryStorage;
  let outbox: Outbox;
  let told: RestoredCommands[];

  beforeEach(() => {
    vi.useFakeTimers({ now: given });
    drawer = new MemoryStorage();
    outbox = new Outbox(drawer);
    told = [];
    void outbox.open((more) => told.push(more));
  });
  afterEach(() => vi.useRealTimers());

  const open = async (...kept: StoredCommand[]) => {
    drawer.leave(kept);
    drawer.opened();
    await vi.advanceTimersByTimeAsync(0);
  };

  it('sends nothing before it has the stored commands, and sends them first, with their time', async () => {
    void outbox.add(note('c'), { keep: true });
    expect(outbox.isReady).toBe(false);
    vi.setSystemTime(given + 600_000);
    await open(left('a'), left('b'));
    expect(outbox.isReady).toBe(true);
    const occurredAt = '2026-11-20T18:00:00.000Z';
    expect(outbox.next(10, 10_000)).toEqual(['a', 'b', 'c'].map((id) => ({ ...note(id), occurredAt })));
  });

  it('gives the answers to stored commands to the listener that received them', async () => {
    await open(left('a'));
    const answer = told[0]?.waiting[0]?.answer;
    outbox.next(10, 10_000);
    outbox.settle([ok(1)]);
    expect(await answer).toEqual(ok(1));
  });

  it('stores a command marked to keep until it is answered', async () => {
    await open();
    void outbox.add(note('a'), { keep: true, about: '12 Elm Street' });
    void outbox.add(note('b'));
    expect([...drawer.kept.values()]).toEqual([{ command: note('a'), at: given, about: '12 Elm Street' }]);
    outbox.next(10, 10_000);
    outbox.settle([no(true)]);
    expect([...drawer.kept.keys()]).toEqual(['a']);
    outbox.settle([ok(1), ok(2)]);
    expect(drawer.kept.size).toBe(0);
  });

  it('stores a refused command until it is dismissed, and does not send it again', async () => {
    await open({ ...left('a'), refusal: { code: 'taken', message: 'No.', retryable: false } });
    expect(told[0]?.refused.map(({ command }) => command.id)).toEqual(['a']);
    expect(outbox.size).toBe(0);
    void outbox.add(note('b'), { keep: true });
    outbox.next(10, 10_000);
    outbox.settle([no(false)]);
    expect(drawer.kept.get('b')?.refusal?.code).toBe('taken');
    outbox.dismiss('b');
    expect(drawer.kept.size).toBe(0);
  });

  it('puts commands of a program that goes later at the end, each once', async () => {
    await open();
    void outbox.add(note('a'));
    outbox.next(1, 10_000);
    drawer.leave([left('b')]);
    drawer.leave([left('b')]);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['a', 'b']);
  });

  it('takes back only commands that were never sent', async () => {
    await open(left('a'));
    void outbox.add(note('b'), { keep: true });
    outbox.next(1, 10_000);
    expect(outbox.withdraw('a')).toBe(false);
    expect(outbox.withdraw('b')).toBe(true);
    expect(drawer.kept.has('b')).toBe(false);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['a']);
  });

  it('leaves its stored commands to the next program when it is abandoned', async () => {
    await open();
    void outbox.add(note('a'), { keep: true });
    outbox.abandon(no(true));
    expect([...drawer.kept.keys()]).toEqual(['a']);
    expect(drawer.isClosed).toBe(true);
  });

  it('sends the time of a late command, and not of a quick one', async () => {
    await open();
    void outbox.add(note('quick'));
    void outbox.add(note('away'), { isLate: true });
    const moments = () => outbox.next(10, 10_000).map(({ occurredAt }) => occurredAt);
    expect(moments()).toEqual([undefined, '2026-11-20T18:00:00.000Z']);
    vi.setSystemTime(given + 30_000);
    expect(moments()).toEqual(['2026-11-20T18:00:00.000Z', '2026-11-20T18:00:00.000Z']);
  });
});

describe('a command about the record of another one', () => {
  const proof = (id: string): Command & { id: string } => ({
    event: 'proof',
    payload: { store: 'red', orderID: '1' },
    details: { kind: 'scan', text: '4006381', rev: 1 },
    id,
  });
  const settled = () => Promise.resolve();
  let storage: MemoryStorage;
  let outbox: Outbox;
  let answers: Map<string, Answer>;
  const add = (command: Command & { id: string }, after?: string) =>
    void outbox.add(command, { keep: true, after }).then((answer) => answers.set(command.id, answer));

  beforeEach(async () => {
    storage = new MemoryStorage();
    outbox = new Outbox(storage);
    answers = new Map();
    const opened = outbox.open(() => {});
    storage.opened();
    await opened;
    add(note('a'));
    add(proof('b'), 'a');
    add(note('c'));
  });

  it('waits until that is recorded, and names its rev, also to the next program', async () => {
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['a']);
    outbox.settle([{ ...ok(1), rev: 7 } as Answer]);
    expect(outbox.next(10, 10_000)).toMatchObject([
      { id: 'b', details: { kind: 'scan', rev: 7 } },
      { id: 'c' },
    ]);
    expect(storage.kept.get('b')).toMatchObject({ command: { details: { rev: 7 } } });
    expect(storage.kept.get('b')?.after).toBeUndefined();
  });

  it('stays stored with it until the answer, in its place', () => {
    expect(storage.kept.get('b')).toMatchObject({ after: 'a' });
    outbox.next(10, 10_000);
    outbox.settle([no(true)]);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['a']);
  });

  it('is refused with it, and holds up nothing', async () => {
    outbox.next(10, 10_000);
    outbox.settle([no(false)]);
    await settled();
    expect([...answers]).toEqual([
      ['a', no(false)],
      ['b', no(false)],
    ]);
    expect(storage.kept.get('b')?.refusal?.code).toBe('taken');
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['c']);
  });

  it('is withdrawn with it', () => {
    expect(outbox.withdraw('a')).toBe(true);
    expect([...storage.kept.keys()]).toEqual(['c']);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['c']);
  });

  it('is sent as it is if that command was answered long ago', () => {
    outbox.next(10, 10_000);
    outbox.settle([ok(1)]);
    outbox.next(10, 10_000);
    outbox.settle([ok(2), ok(3)]);
    add(proof('d'), 'a');
    expect(outbox.next(10, 10_000)).toMatchObject([{ id: 'd', details: { rev: 1 } }]);
  });
});

it('stored commands stay for the next program when the hub refuses their sender', async () => {
  const calls: string[] = [];
  const storage: OutboxStorage = {
    open: async (left) => left([]),
    add: ({ command }) => calls.push(`add ${command.id}`),
    replace: ({ command }) => calls.push(`replace ${command.id}`),
    refuse: (id) => calls.push(`refuse ${id}`),
    remove: (id) => calls.push(`remove ${id}`),
    close: () => calls.push('close'),
  };
  const outbox = new Outbox(storage);
  await outbox.open(() => {});
  const answer = outbox.add(note('a'), { keep: true });
  outbox.giveUp({ code: 'unauthorized', message: 'No.', retryable: false });
  expect(await answer).toMatchObject({ ok: false, error: { code: 'unavailable', retryable: true } });
  expect(calls).toEqual(['add a']);
});
