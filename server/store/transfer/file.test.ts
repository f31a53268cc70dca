import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seeded } from '../../../testkit/chance.ts';
import { StoreError } from '../store.ts';
import { readLines, writeLines } from './file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
  file = join(folder, 'log.jsonl.zst');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* given(...lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

async function read(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(file)) lines.push(line);
  return lines;
}

/** @returns the sentence, for the file with other bytes */
async function refusalOf(bytes: Uint8Array): Promise<string> {
  writeFileSync(file, bytes);
  const error: unknown = await read().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreError);
  expect(String(error)).toMatch(/^StoreError: [^\n]+\.$/);
  return String(error);
}

it('gives back the lines that it was given, also long ones and those across its chunks', async () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => `${i} ü ${'🚚x'.repeat(i % 97)}`);
  lines.push('y'.repeat(300_000), '');
  const bytes = await writeLines(file, given(...lines.map((line) => `${line}\n`)));
  expect(await read()).toEqual(lines);
  expect(statSync(file).size).toBe(bytes);
});

it('can be read with any program for Zstandard', async () => {
  await writeLines(file, given('one\n', 'two\n'));
  expect(zstdDecompressSync(readFileSync(file)).toString()).toBe('one\ntwo\n');
});

it('is for its owner alone', async () => {
  await writeLines(file, given('one\n'));
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
});

it('is not there until it is complete, and leaves nothing when it fails', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield 'x'.repeat(1_000_000);
    expect(readdirSync(folder).filter((name) => name.endsWith('.zst'))).toEqual([]);
    throw new Error('the source\nbroke');
  }
  await expect(writeLines(file, failing())).rejects.toThrow(/could not be written \(the source broke\)\.$/);
  expect(readdirSync(folder)).toEqual([]);
});

it('overwrites nothing', async () => {
  writeFileSync(file, 'mine');
  await expect(writeLines(file, given('one\n'))).rejects.toThrow(/is there already/);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

it('is refused with any one bit of it flipped', async () => {
  await writeLines(file, given('{"caps":"export"}\n', '{"end":true}\n'));
  const sound = readFileSync(file);
  const seed = Date.now() % 1_000_000;
  const chance = seeded(seed);
  for (let i = 0; i < sound.length; i += 1) {
    const bytes = Buffer.from(sound);
    bytes[i] = (bytes[i] ?? 0) ^ (1 << chance.int(0, 7));
    expect(await refusalOf(bytes), `SEED=${seed}, byte ${i}`).toMatch(/changed|cut off|not an export/);
  }
});

it('is refused when it is cut anywhere, or has more at its end', async () => {
  await writeLines(file, given('{"caps":"export"}\n', '{"end":true}\n'));
  const sound = readFileSync(file);
  for (let length = 0; length < sound.length; length += 1) {
    const why = await refusalOf(sound.subarray(0, length));
    expect(why).toMatch(length < 4 ? /is not an export of CAPS/ : /is cut off/);
  }
  expect(await refusalOf(Buffer.concat([sound, Buffer.from([0])]))).toMatch(/cut off/);
});

it.each([
  ['a file that is not there', () => rmSync(file, { force: true }), /There is no file .*\.zst\.$/],
  ['a folder', () => mkdirSync(file), /cannot be read \(EISDIR/],
  ['a backup', () => writeFileSync(file, `SQLite format 3\0${'x'.repeat(99)}`), /is not an export of CAPS/],
])('says in a sentence that it cannot read %s', async (_, make, why) => {
  make();
  await expect(read()).rejects.toThrow(why);
});
