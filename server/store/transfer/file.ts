/**
 * The file of an export: lines, compressed with Zstandard, and then the SHA-256 of all bytes before it. The hash stands in a
 * frame that Zstandard's own programs skip, so `zstdcat` shows the lines. No later version changes this frame.
 *
 *     │ lines, compressed …                        │ 5c 2a 4d 18 │ 20 00 00 00 │ SHA-256 │
 */

import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { PartFile, removeLeftParts } from '../files/part-file.ts';
import { reasonOf } from '../reason.ts';
import { StoreError } from '../store.ts';

/** Of a Zstandard file. */
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Begins a frame of 32 bytes that is skipped. */
const hashHead = Buffer.from([0x5c, 0x2a, 0x4d, 0x18, 32, 0, 0, 0]);
const hashBytes = 32;
const tailBytes = hashHead.length + hashBytes;
/** Much longer than any row. */
const lineSizeMax = 8 * 1024 * 1024;

/**
 * Writes lines to a new file, for its owner alone, which appears when it is complete and on disk.
 * @returns its size in bytes
 * @throws StoreError if it is there already, or cannot be written
 */
export async function writeLines(to: string, lines: AsyncIterable<string>): Promise<number> {
  if (existsSync(to)) throw new StoreError(`The file ${to} is there already, and nothing is overwritten.`);
  let part: PartFile | undefined;
  try {
    mkdirSync(dirname(resolve(to)), { recursive: true });
    removeLeftParts(dirname(resolve(to)));
    part = new PartFile(to);
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    const compressed = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    await pipeline(Readable.from(lines), compressed, hashed, createWriteStream(part.path, { flags: 'r+' }));
    await appendFile(part.path, Buffer.concat([hashHead, hash.digest()]));
    part.settle();
    return statSync(to).size;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${to} could not be written (${reasonOf(error)}).`, { cause: error });
  } finally {
    part?.close();
  }
}

/**
 * The file's lines, once all of its bytes are found to be what was written.
 * @throws StoreError if it is none of ours, has been cut or changed, or cannot be read
 */
export async function* readLines(file: string): AsyncGenerator<string> {
  const end = await soundEnd(file);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  const source = createReadStream(file, { end: end - 1 });
  try {
    const plain = createZstdDecompress();
    // Its failure reaches the loop.
    source.on('error', (error) => plain.destroy(error));
    for await (const chunk of source.pipe(plain) as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > lineSizeMax) throw new Error('it has a line without an end');
      yield* lines;
    }
    if (rest + decoder.decode() !== '') throw new Error('its last line has no end');
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`The export ${file} cannot be read (${reasonOf(error)}).`, { cause: error });
  } finally {
    source.destroy();
  }
}

/** @returns where the compressed lines end */
async function soundEnd(file: string): Promise<number> {
  const { head, tail, size } = endsOf(file);
  if (!head.equals(magic)) throw new StoreError(`The file ${file} is not an export of CAPS.`);
  const end = size - tailBytes;
  if (end <= 0 || !tail.subarray(0, hashHead.length).equals(hashHead)) {
    throw new StoreError(
      `The export ${file} is cut off, or its end was changed: copy it again, or export again.`,
    );
  }
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { end: end - 1 })) hash.update(chunk as Buffer);
  } catch (error) {
    throw unreadable(file, error);
  }
  if (!hash.digest().equals(tail.subarray(hashHead.length))) {
    throw new StoreError(
      `The export ${file} was changed since it was written: copy it again, or export again.`,
    );
  }
  return end;
}

function endsOf(file: string): { head: Buffer; tail: Buffer; size: number } {
  const head = Buffer.alloc(magic.length);
  const tail = Buffer.alloc(tailBytes);
  try {
    const { size } = statSync(file);
    const handle = openSync(file, 'r');
    try {
      readSync(handle, head, 0, head.length, 0);
      readSync(handle, tail, 0, tail.length, Math.max(0, size - tailBytes));
    } finally {
      closeSync(handle);
    }
    return { head, tail, size };
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): StoreError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return isMissing
    ? new StoreError(`There is no file ${file}.`, { cause })
    : new StoreError(`The file ${file} cannot be read (${reasonOf(cause)}).`, { cause });
}
