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
  /** The ids of what came out of it, those that were refused marked. */
  readonly left: string[];
  readonly opened: Promise<void>;
}

let tabs: Tab[];
/** Each change of what the tabs say of keeping. */
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
  it('a page that opens gets what closed ones left, in the order in which it was done', async () => {
    const [first, second] = [await openTab(), await openTab()];
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) (i % 2 ? second : first).outbox.add(kept(id));
    await first.outbox.close();
    await second.outbox.close();
    const third = await openTab();
    await expect.poll(() => third.left).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a page that lives keeps its own, and another gets it as soon as that one is gone', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.outbox.add(kept('a'));
    const third = await openTab();
    expect(third.left).toEqual([]);
    await first.outbox.close();
    await expect.poll(() => [...second.left, ...third.left]).toEqual(['a']);
  });

  it('a page gets also what one that opened before it did after that', async () => {
    const first = await openTab();
    const second = await openTab();
    first.outbox.add(kept('a'));
    await first.outbox.close();
    await expect.poll(() => second.left).toEqual(['a']);
  });

  it('a page hears also of one that opened after it', async () => {
    const first = await openTab();
    const second = await openTab();
    second.outbox.add(kept('a'));
    await second.outbox.close();
    await expect.poll(() => first.left).toEqual(['a']);
  });
});

describe('on plain http, without Web Locks', () => {
  beforeEach(() => {
    vi.stubGlobal('navigator', {});
  });

  it('a page that opens sends what any other left or still has', async () => {
    const first = await openTab();
    first.outbox.add(kept('a'));
    first.outbox.add(kept('b'));
    await expect.poll(async () => (await openTab()).left).toEqual(['a', 'b']);
  });

  it('a page gets what another leaves when it goes', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.outbox.add(kept('a'));
    await first.outbox.close();
    await expect.poll(() => second.left).toEqual(['a']);
  });
});

it('what was answered is gone, what was refused stays until it was seen', async () => {
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

it('nobody gets what is another driver’s', async () => {
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
])('where storage %s it says so once, and holds nothing up', async (_what, open) => {
  vi.stubGlobal('indexedDB', { open });
  const one = await openTab();
  one.outbox.add(kept('a'));
  await expect.poll(() => said).toEqual([false]);
  expect([one.outbox.isKeeping, one.outbox.isSaved('a')]).toEqual([false, false]);
  one.outbox.remove('a');
  expect(one.left).toEqual([]);
});

/** Somebody takes the phone out of a pocket. */
const lookAgain = () => document.dispatchEvent(new Event('visibilitychange'));

/** What Safari does to a page that slept: transactions on what was open throw until it is opened anew, if at all. */
function breakOpenDatabases({ error = 'UnknownError', forGood = false } = {}): () => void {
  const { transaction } = IDBDatabase.prototype;
  const broken = new WeakSet<IDBDatabase>();
  const healthy = new WeakSet<IDBDatabase>();
  const open = vi.spyOn(IDBFactory.prototype, 'open');
  const mock = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
    this: IDBDatabase,
    ...wanted
  ) {
    // Those that are opened from now on have been asked for after this.
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
  'where the browser lost the open database (%s) it opens it anew, and all is saved',
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

it('where it does not open any more nothing is said to be saved, and as soon as it does all is, in order', async () => {
  const first = await openTab();
  const mend = breakOpenDatabases({ forGood: true });
  for (const id of ['a', 'b', 'c']) first.outbox.add(kept(id));
  await expect.poll(() => said).toEqual([false]);
  expect(['a', 'b', 'c'].map((id) => first.outbox.isSaved(id))).toEqual([false, false, false]);
  // Sent meanwhile.
  first.outbox.remove('a');
  mend();
  lookAgain();
  await expect.poll(() => first.outbox.isSaved('c')).toBe(true);
  expect(said).toEqual([false, true]);
  await first.outbox.close();
  const next = await openTab();
  await expect.poll(() => next.left).toEqual(['b', 'c']);
});

it('what a browser has emptied is not said to be saved until it is again', async () => {
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

it('what an earlier page left is found when the database opens only later', async () => {
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

it('where the disk is full it says so, what was kept before stays kept, and the rest follows when there is room', async () => {
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
