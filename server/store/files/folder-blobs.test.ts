import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeBlobs } from '../../../testkit/contracts/blobs.contract.ts';
import { hashOfImage, jpeg } from '../../../testkit/images.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { SmallDisk } from '../../../testkit/small-disk.ts';
import type { BlobId } from '../blobs.ts';
import { FolderBlobs } from './folder-blobs.ts';

let top: string;
let folder: string;
beforeEach(() => {
  top = memoryFolder();
  folder = join(top, 'blobs');
});
afterEach(() => rmSync(top, { recursive: true }));

const image = jpeg('one');
const id: BlobId = { parcel: { store: 'red', orderID: '../1' }, hash: hashOfImage(image) };

/** All of its files, relative to it. */
function filesIn(of: string): string[] {
  const entries = readdirSync(of, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

describeBlobs('A folder', async (limits) => {
  const root = memoryFolder();
  const options = { folder: join(root, 'blobs'), limits };
  return {
    open: async () => new FolderBlobs(options),
    damage: async ({ hash }) => {
      const [file = ''] = filesIn(root).filter((path) => path.endsWith(hash));
      const bytes = readFileSync(file);
      bytes[30] = (bytes[30] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    remove: async () => rmSync(root, { recursive: true }),
  };
});

it('there is no folder before there is an image, and nobody else can look into it then', async () => {
  const blobs = new FolderBlobs({ folder });
  expect(await blobs.get(id)).toBeUndefined();
  expect(existsSync(folder)).toBe(false);
  await blobs.put(id, image);
  const modes = readdirSync(top, { recursive: true, withFileTypes: true }).map((entry) => [
    entry.isFile() ? 'file' : 'folder',
    (statSync(join(entry.parentPath, entry.name)).mode & 0o777).toString(8),
  ]);
  expect(new Set(modes.map(String))).toEqual(new Set(['file,600', 'folder,700']));
  expect(filesIn(folder)).toEqual([expect.stringMatching(/\/[0-9a-f]{64}\/[0-9a-f]{64}$/)]);
});

it('what a killed hub left half written is removed at the start, and was never given out', async () => {
  const blobs = new FolderBlobs({ folder });
  await blobs.put(id, image);
  writeFileSync(join(folder, 'parts', 'left.part'), image.subarray(0, 20));
  const [first = ''] = filesIn(folder);
  const again = new FolderBlobs({ folder });
  expect(filesIn(folder)).toEqual([first]);
  expect(await again.sizes(id.parcel)).toEqual({ count: 1, bytes: image.length });
});

it('what a restore puts there is there, and other files count for nothing', async () => {
  await new FolderBlobs({ folder }).put(id, image);
  const [from = ''] = filesIn(folder);
  const parcel = join(from, '..');
  writeFileSync(join(parcel, 'notes.txt'), 'mine');
  mkdirSync(join(folder, 'lost+found'));
  const blobs = new FolderBlobs({ folder });
  expect(await blobs.sizes(id.parcel)).toEqual({ count: 1, bytes: image.length });
  const second = jpeg('two');
  writeFileSync(join(parcel, hashOfImage(second)), second);
  expect(Buffer.from((await blobs.get({ ...id, hash: hashOfImage(second) })) ?? [])).toEqual(second);
});

it('a file far too large is damage, not a reason to fill the memory', async () => {
  const damaged: string[] = [];
  const blobs = new FolderBlobs({ folder, onDamaged: (name) => damaged.push(name) });
  await blobs.put(id, image);
  writeFileSync(filesIn(folder)[0] ?? '', Buffer.alloc(400_000));
  await expect(blobs.get(id)).rejects.toMatchObject({ code: 'internal' });
  expect(damaged).toEqual([`the image ${id.hash.slice(0, 12)}`]);
});

it('where the folder cannot be written, the image is refused for now, and nothing of it is there', async () => {
  writeFileSync(folder, 'in the way');
  const blobs = new FolderBlobs({ folder });
  await expect(blobs.put(id, image)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  rmSync(folder);
  expect(await blobs.put(id, image)).toBe('new');
});

it('a full disk refuses an image for now, keeps no half of it, and takes it when there is room', async ({
  skip,
}) => {
  await using stack = new AsyncDisposableStack();
  const disk = await SmallDisk.mount(stack, 4, 'mode=700');
  if (!disk) return skip('no right to mount');
  const blobs = new FolderBlobs({ folder: join(disk.folder, 'blobs') });
  const large = jpeg('x'.repeat(60_000));
  const theirs = { ...id, hash: hashOfImage(large) };
  await blobs.put(id, image);
  disk.fill();
  await expect(blobs.put(theirs, large)).rejects.toMatchObject({
    ...{ code: 'unavailable', retryable: true, details: { reason: 'disk-full' } },
  });
  expect(filesIn(join(disk.folder, 'blobs'))).toHaveLength(1);
  expect(await blobs.get(theirs)).toBeUndefined();
  disk.makeRoom();
  expect(await blobs.put(theirs, large)).toBe('new');
});
