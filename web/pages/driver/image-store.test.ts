import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ImageStore, type KeptImage } from './image-store.ts';

const stores: ImageStore[] = [];
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function open(owner = 'driver\nana', bytesMax?: number): Promise<ImageStore> {
  const store = new ImageStore(owner, bytesMax);
  stores.push(store);
  await store.open();
  return store;
}
const bytes = (...numbers: number[]) => new Uint8Array(numbers).buffer;
const photo = (hash: string, at = 1) => ({ store: 'red', orderID: 'a', kind: 'photo', hash, at }) as const;
const hashes = (store: ImageStore) => store.all.map(({ hash, isDraft }) => [hash, isDraft]);

it('the next page has what was kept, oldest first, with its bytes and whether a step has it', async () => {
  const first = await open();
  await first.add(photo('late', 2), bytes(2, 2));
  const early = (await first.add(photo('early', 1), bytes(1))) as KeptImage;
  await first.change(early.id, false);
  first.close();
  const second = await open();
  expect(hashes(second)).toEqual([
    ['early', false],
    ['late', true],
  ]);
  expect(await second.bytes(early.id)).toEqual(bytes(1));
  await second.remove(early.id);
  expect(hashes(await open())).toEqual([['late', true]]);
  expect(await second.bytes(early.id)).toBeUndefined();
});

it('no driver gets another driver’s photos', async () => {
  await (await open()).add(photo('a'), bytes(1));
  expect((await open('driver\nben')).all).toEqual([]);
});

it('is full at so many bytes, and has room again when one is gone', async () => {
  const store = await open('driver\nana', 5);
  const first = (await store.add(photo('a'), bytes(1, 2, 3))) as KeptImage;
  expect(await store.add(photo('b'), bytes(4, 5, 6))).toBe('full');
  // The very same photo needs no more room.
  expect(await store.add(photo('a'), bytes(1, 2, 3))).toMatchObject({ hash: 'a' });
  await store.remove(first.id);
  expect(await store.add(photo('b'), bytes(4, 5, 6))).toMatchObject({ hash: 'b' });
});

it('says so when the disk is full, and keeps nothing by halves', async () => {
  const store = await open();
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('Full.', 'QuotaExceededError');
  });
  expect(await store.add(photo('a'), bytes(1))).toBe('full');
  vi.restoreAllMocks();
  expect([store.all, (await open()).all]).toEqual([[], []]);
});

it('where storage is blocked the page has them, and knows that they are not saved', async () => {
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('Blocked.', 'SecurityError');
    },
  });
  const store = new ImageStore('driver\nana');
  await expect(store.open()).rejects.toThrow('Blocked.');
  const image = (await store.add(photo('a'), bytes(1))) as KeptImage;
  expect(store.unsaved).toBe(1);
  expect(await store.bytes(image.id)).toEqual(bytes(1));
  await store.remove(image.id);
  expect(store.unsaved).toBe(0);
});
