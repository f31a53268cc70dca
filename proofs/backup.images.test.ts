import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import type { Store } from '../server/store/store.ts';
import { recordCommands } from '../testkit/contracts/store-pages.contract.ts';
import { hashOfImage, jpeg } from '../testkit/images.ts';
import { admin, ana, order, red, step } from '../testkit/simulation/cast.ts';
import { memoryFolder } from '../testkit/simulation/disk.ts';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));
const parcel = { store: 'red', orderID: '1' };
const [sent, flipped, waiting] = ['sent', 'flipped', 'waiting'].map((name) => jpeg(name)) as [
  Buffer,
  Buffer,
  Buffer,
];
const short = (image: Buffer) => hashOfImage(image).slice(0, 12);

/** What the script behind `npm run backup` or `npm run restore` says. */
function run(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: top }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

let top: string;
let data: string;
let file: string;
let store: Store;
/** A delivery with three photos, of which one is still on the phone. */
beforeEach(async () => {
  top = memoryFolder();
  data = join(top, 'data');
  file = join(top, 'today.sqlite');
  store = openSqliteStore(data);
  await recordCommands(store, red, order('red', '1'));
  await recordCommands(store, ana, step('claimed', 'red', '1'));
  for (const image of [sent, flipped, waiting]) {
    const details = { kind: 'photo', blob: hashOfImage(image), rev: 2 };
    await recordCommands(store, ana, step('proof', 'red', '1', { details }));
  }
  await recordCommands(
    store,
    admin,
    step('proof', 'red', '1', { details: { kind: 'scan', text: '4711', rev: 2 } }),
  );
  for (const image of [sent, flipped]) await store.blobs.put({ parcel, hash: hashOfImage(image) }, image);
});
afterEach(async () => {
  await store.close();
  rmSync(top, { recursive: true });
});

function fileOf(folder: string, image: Buffer): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = entries.find(({ name }) => name === hashOfImage(image));
  return found ? join(found.parentPath, found.name) : '';
}
function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  // Another file: what links to the old one stays as it was.
  rmSync(path);
  writeFileSync(path, bytes);
}

test('[D3] a backup takes the images of proofs along, and a restored hub shows them', async () => {
  const said = await run('backup', '--data', data, '--to', file);
  expect(said).toContain(`With 2 images of proofs, ${sent.length + flipped.length} bytes.\n`);
  expect(said).toContain(`Images that are lost, or not sent yet: ${short(waiting)} of ["red","1"].\n`);
  expect(statSync(`${file}.blobs`).mode & 0o777).toBe(0o700);
  const drill = join(top, 'drill');
  expect(await run('restore', '--from', file, '--data', drill)).toContain('With 2 images of proofs');
  const restored = openSqliteStore(drill);
  for (const image of [sent, flipped]) {
    const bytes = await restored.blobs.get({ parcel, hash: hashOfImage(image) });
    expect(Buffer.from(bytes ?? [])).toEqual(image);
  }
  // The one that was on the phone arrives at the restored hub.
  expect(await restored.blobs.put({ parcel, hash: hashOfImage(waiting) }, waiting)).toBe('new');
  await restored.close();
});

test('an image that the disk has damaged is named and left out, and the rest is backed up', async () => {
  flip(fileOf(join(data, 'blobs'), flipped));
  const said = await run('backup', '--data', data, '--to', file);
  expect(said).toContain('With 1 image of proofs');
  expect(said).toContain(`Damaged images, and not in it: ${short(flipped)}.\n`);
  expect(fileOf(`${file}.blobs`, flipped)).toBe('');
});

test('a backup whose images are damaged or gone is restored all the same, and says which', async () => {
  await run('backup', '--data', data, '--to', file);
  flip(fileOf(`${file}.blobs`, flipped));
  const drill = join(top, 'drill');
  const said = await run('restore', '--from', file, '--data', drill);
  expect(said).toContain(`Damaged images, and not in it: ${short(flipped)}.\n`);
  rmSync(`${file}.blobs`, { recursive: true });
  const bare = await run('restore', '--from', file, '--data', join(top, 'bare'));
  for (const image of [sent, flipped, waiting]) expect(bare).toContain(`${short(image)} of ["red","1"]`);
});

test('a restore in the place of a log mends the images that it had, and loses none', async () => {
  await run('backup', '--data', data, '--to', file);
  const later = jpeg('later');
  await store.blobs.put({ parcel, hash: hashOfImage(later) }, later);
  flip(fileOf(join(data, 'blobs'), flipped));
  await store.close();
  await run('restore', '--from', file, '--data', data, '--replace');
  store = openSqliteStore(data);
  for (const image of [sent, flipped, later]) {
    const bytes = await store.blobs.get({ parcel, hash: hashOfImage(image) });
    expect(Buffer.from(bytes ?? [])).toEqual(image);
  }
});
