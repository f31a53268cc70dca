import { IDBDatabase, IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredCommand } from '../../client/outbox.ts';
import { DurableOutbox } from './durable-outbox.ts';

const kept = (id: string): StoredCommand => ({
  command: { event: 'delivered', payload: { store: 'red', orderID: '1' }, id },
  at: 1_000,
  about: '12 Elm Street',
});
const taken = { code: 'taken', message: 'Another driver has taken this parcel.', retryable: false } as const;

interface Tab {
  readonly outbox: DurableOutbox;
  /** Ids of the restored commands; refused ones with their error code. */
  readonly left: string[];
  readonly opened: Promise<void>;
}

let tabs: Tab[];
/** Each change of `isKeeping`. */
let said: boolean[];

beforeEach(() => {
  tabs = [];
  said = [];
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(async () => {
  for (const { outbox } of tabs) await outbox.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function tab(owner = 'driver\nana'): Tab {
  const outbox = new DurableOutbox(owner, () => {
    if (outbox.isKeeping !== (said.at(-1) ?? true)) said.push(outbox.isKeeping);
  });
  const left: string[] = [];
  const opened = outbox.open((more) => {
    left.push(...more.map(({ command, refusal }) => `${command.id}${refusal ? ` ${refusal.code}` : ''}`));
  });
  const one = { outbox, left, opened };
  tabs.push(one);
  return one;
}

async function openTab(owner?: string): Promise<Tab> {
  const one = tab(owner);
  await one.opened;
  return one;
}

describe('with Web Locks', () => {
  it('a page that opens gets the commands of closed pages, in the order in which they were given', async () => {
    const [first, second] = [await openTab(), await openTab()];
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) (i % 2 ? second : first).outbox.add(kept(id));
    await first.outbox.close();
    await second.outbox.close();
    const third = await openTab();
    await expect.poll(() => third.left).toEqual(['a', 'b', 'c', 'd']);
  });

  it('an open page keeps its commands; another page gets them as soon as it closes', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.outbox.add(kept('a'));
    const third = await openTab();
    expect(third.left).toEqual([]);
    await first.outbox.close();
    await expect.poll(() => [...second.left, ...third.left]).toEqual(['a']);
  });

  it('a page gets later commands of a page that opened before it', async () => {
    const first = await openTab();
    const second = await openTab();
    first.outbox.add(kept('a'));
    await first.outbox.close();
    await expect.poll(() => second.left).toEqual(['a']);
  });

  it('a page gets the commands of a page that opened after it', async () => {
    const first = await openTab();
    const second = await openTab();
    second.outbox.add(kept('a'));
    await second.outbox.close();
    await expect.poll(() => first.left).toEqual(['a']);
  });

  it('a page gets what another page is refused after it opened, when that closes', async () => {
    const first = await openTab();
    first.outbox.add(kept('a'));
    const second = await openTab();
    first.outbox.refuse('a', taken);
    await first.outbox.close();
    await expect.poll(() => second.left).toEqual(['a taken']);
    second.outbox.remove('a');
    await second.outbox.close();
    expect((await openTab()).left).toEqual([]);
  });

  it('a page gets what an open page was refused once, and not again when that closes', async () => {
    const first = await openTab();
    first.outbox.add(kept('a'));
    first.outbox.refuse('a', taken);
    await expect.poll(() => first.outbox.isSaved('a')).toBe(true);
    const second = await openTab();
    expect(second.left).toEqual(['a taken']);
    first.outbox.add(kept('b'));
    await first.outbox.close();
    await expect.poll(() => second.left).toContain('b');
    expect(second.left).toEqual(['a taken', 'b']);
  });
});

describe('on plain http, without Web Locks', () => {
  beforeEach(() => {
    vi.stubGlobal('navigator', {});
  });

  it('a page that opens gets the commands of all other pages, closed or not', async () => {
    const first = await openTab();
    first.outbox.add(kept('a'));
    first.outbox.add(kept('b'));
    await expect.poll(async () => (await openTab()).left).toEqual(['a', 'b']);
  });

  it('a page gets the commands of another page when that closes', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.outbox.add(kept('a'));
    await first.outbox.close();
    await expect.poll(() => second.left).toEqual(['a']);
  });

  it('a page gets what another page is refused after it opened, when that closes', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.outbox.add(kept('a'));
    first.outbox.refuse('a', taken);
    await first.outbox.close();
    await expect.poll(() => second.left).toEqual(['a taken']);
  });
});

it('an answered command is gone; a refused one stays until it was seen', async () => {
  const first = await openTab();
  for (const id of ['a', 'b', 'c']) first.outbox.add(kept(id));
  first.outbox.remove('a');
  first.outbox.refuse('b', taken);
  await first.outbox.close();
  const second = await openTab();
  await expect.poll(() => second.left).toEqual(['b taken', 'c']);
  second.outbox.remove('b');
  second.outbox.remove('c');
  await second.outbox.close();
  expect((await openTab()).left).toEqual([]);
});

it('what a command comes after is kept, and its change is kept together with the end of the other', async () => {
  const first = await openTab();
  first.outbox.add(kept('a'));
  first.outbox.add({ ...kept('b'), after: 'a' });
  await expect.poll(() => first.outbox.isSaved('b')).toBe(true);
  const written: number[] = [];
  const { transaction } = IDBDatabase.prototype;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    written.push(1);
    return transaction.apply(this, wanted);
  });
  const command = { event: 'delivered', payload: { store: 'red', orderID: '2' }, id: 'b' } as const;
  first.outbox.replace({ ...kept('b'), command });
  first.outbox.remove('a');
  await first.outbox.close();
  // The second turn finds nothing to do, and opens no transaction.
  expect(written).toHaveLength(1);
  const left: StoredCommand[] = [];
  const second = new DurableOutbox('driver\nana', () => {});
  await second.open((more) => left.push(...more));
  await second.close();
  expect(left).toMatchObject([{ command: { id: 'b', payload: { orderID: '2' } }, after: undefined }]);
});

it('no driver gets another driver’s commands', async () => {
  const ana = await openTab('driver\nana');
  ana.outbox.add(kept('a'));
  ana.outbox.refuse('a', taken);
  ana.outbox.add(kept('b'));
  await ana.outbox.close();
  const ben = await openTab('driver\nben');
  const again = await openTab('driver\nana');
  await expect.poll(() => again.left).toEqual(['a taken', 'b']);
  expect(ben.left).toEqual([]);
});

it.each([
  [
    'is blocked',
    () => {
      throw new DOMException('Blocked.', 'SecurityError');
    },
  ],
  [
    'does not open',
    () => {
      const request = { error: new DOMException('Broken.', 'UnknownError') } as IDBOpenDBRequest;
      queueMicrotask(() => request.onerror?.(new Event('error')));
      return request;
    },
  ],
])('if storage %s the outbox reports it once and goes on in memory', async (_what, open) => {
  vi.stubGlobal('indexedDB', { open });
  const one = await openTab();
  one.outbox.add(kept('a'));
  await expect.poll(() => said).toEqual([false]);
  expect([one.outbox.isKeeping, one.outbox.isSaved('a')]).toEqual([false, false]);
  one.outbox.remove('a');
  expect(one.left).toEqual([]);
});

/** Brings the page to the foreground. */
const lookAgain = () => document.dispatchEvent(new Event('visibilitychange'));

/** Imitates Safari after a sleep: transactions on an open database throw until it is opened again, or for ever. */
function breakOpenDatabases({ error = 'UnknownError', forGood = false } = {}): () => void {
  const { transaction } = IDBDatabase.prototype;
  const broken = new WeakSet<IDBDatabase>();
  const healthy = new WeakSet<IDBDatabase>();
  const open = vi.spyOn(IDBFactory.prototype, 'open');
  const mock = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
    this: IDBDatabase,
    ...wanted
  ) {
    // A database that is opened from now on works, unless it is broken for good.
    if (!healthy.has(this) && (forGood || open.mock.calls.length === 0)) broken.add(this);
    if (broken.has(this)) throw new DOMException('Connection to Indexed Database server lost.', error);
    healthy.add(this);
    return transaction.apply(this, wanted);
  });
  return () => {
    mock.mockRestore();
    open.mockRestore();
  };
}

it.each(['UnknownError', 'InvalidStateError'])(
  'if the browser loses the open database (%s) the outbox opens it again and saves everything',
  async (error) => {
    const first = await openTab();
    first.outbox.add(kept('a'));
    await expect.poll(() => first.outbox.isSaved('a')).toBe(true);
    breakOpenDatabases({ error });
    first.outbox.add(kept('b'));
    await expect.poll(() => first.outbox.isSaved('b')).toBe(true);
    expect(said).toEqual([]);
    await first.outbox.close();
    await expect.poll(async () => (await openTab()).left).toEqual(['a', 'b']);
  },
);

it('while the database does not open nothing counts as saved; as soon as it does everything is saved, in order', async () => {
  const first = await openTab();
  const mend = breakOpenDatabases({ forGood: true });
  for (const id of ['a', 'b', 'c']) first.outbox.add(kept(id));
  await expect.poll(() => said).toEqual([false]);
  expect(['a', 'b', 'c'].map((id) => first.outbox.isSaved(id))).toEqual([false, false, false]);
  // A command that was sent meanwhile.
  first.outbox.remove('a');
  mend();
  lookAgain();
  await expect.poll(() => first.outbox.isSaved('c')).toBe(true);
  expect(said).toEqual([false, true]);
  await first.outbox.close();
  const next = await openTab();
  await expect.poll(() => next.left).toEqual(['b', 'c']);
});

it('after the browser emptied the database nothing counts as saved until it is written again', async () => {
  const opened: IDBDatabase[] = [];
  const { transaction } = IDBDatabase.prototype;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    opened.push(this);
    return transaction.apply(this, wanted);
  });
  const first = await openTab();
  first.outbox.add(kept('a'));
  first.outbox.add(kept('b'));
  await expect.poll(() => first.outbox.isSaved('b')).toBe(true);
  vi.stubGlobal('indexedDB', new IDBFactory());
  opened.at(-1)?.onclose?.(new Event('close'));
  expect(first.outbox.isSaved('a')).toBe(false);
  await expect.poll(() => first.outbox.isSaved('b')).toBe(true);
  await first.outbox.close();
  const next = await openTab();
  await expect.poll(() => next.left).toEqual(['a', 'b']);
});

it('the commands of an earlier page are found though the database opens only later', async () => {
  const first = await openTab();
  first.outbox.add(kept('a'));
  await first.outbox.close();
  const mend = breakOpenDatabases({ forGood: true });
  const next = await openTab();
  expect([next.left, next.outbox.isKeeping]).toEqual([[], false]);
  mend();
  lookAgain();
  await expect.poll(() => next.left).toEqual(['a']);
});

it('what an earlier page was refused is given once, however often it is looked for while the database opens', async () => {
  const first = await openTab();
  first.outbox.add(kept('a'));
  first.outbox.refuse('a', taken);
  await first.outbox.close();
  const mend = breakOpenDatabases({ forGood: true });
  const next = await openTab();
  mend();
  lookAgain();
  lookAgain();
  await expect.poll(() => next.outbox.isKeeping).toBe(true);
  await next.outbox.close();
  expect(next.left).toEqual(['a taken']);
});

it('a full disk is reported, what is on disk stays saved, and the rest is saved when there is room', async () => {
  const first = await openTab();
  first.outbox.add(kept('a'));
  const { add } = IDBObjectStore.prototype;
  const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (
    this: IDBObjectStore,
    row: { id: string },
  ) {
    if (row.id === 'a') return add.call(this, row);
    throw new DOMException('Full.', 'QuotaExceededError');
  });
  first.outbox.add(kept('b'));
  first.outbox.add(kept('c'));
  await expect.poll(() => said).toEqual([false]);
  expect(['a', 'b', 'c'].map((id) => first.outbox.isSaved(id))).toEqual([true, false, false]);
  full.mockRestore();
  lookAgain();
  await expect.poll(() => said).toEqual([false, true]);
  await first.outbox.close();
  const next = await openTab();
  await expect.poll(() => next.left).toEqual(['a', 'b', 'c']);
});
