import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Kept } from '../client/outbox.ts';
import { KeptOutbox } from './kept-outbox.ts';

const kept = (id: string): Kept => ({
  command: { event: 'delivered', payload: { store: 'red', orderID: '1' }, id },
  at: 1_000,
  about: '12 Elm Street',
});
const taken = { code: 'taken', message: 'Another driver has taken this parcel.', retryable: false } as const;

interface Tab {
  readonly outbox: KeptOutbox;
  /** The ids of what came out of it, those that were refused marked. */
  readonly left: string[];
  readonly opened: Promise<void>;
}

let tabs: Tab[];
let troubles: number;

beforeEach(() => {
  tabs = [];
  troubles = 0;
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(async () => {
  for (const { outbox } of tabs) await outbox.close();
  vi.unstubAllGlobals();
});

function tab(owner = 'driver\nana'): Tab {
  const outbox = new KeptOutbox(owner, () => {
    troubles += 1;
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
  one.outbox.remove('a');
  await expect.poll(() => troubles).toBe(1);
  expect(one.left).toEqual([]);
});

it('where the disk is full it says so once, and what was kept before stays kept', async () => {
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
  await expect.poll(() => troubles).toBe(1);
  full.mockRestore();
  await first.outbox.close();
  const next = await openTab();
  await expect.poll(() => next.left).toEqual(['a']);
});
