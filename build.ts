/**
 * Builds the pages, unless they are built: known by hashes of all that they are made from, and of all that was made.
 * `npm start` comes by here each time, and a build takes longer than a start.
 */

import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the pages may import (`tidy.test.ts` sees to it), and how they are built. */
const sources = ['web', 'client', 'protocol'];
const settings = /\.(ts|json)$/;
/** What is really installed, whatever package.json asks for. */
const installed = 'node_modules/.package-lock.json';
const isTest = /\.test\.tsx?$/;

interface Stamp {
  readonly inputs: string;
  readonly outputs: string;
}

/** @param top the folder of the project @returns what stays the same as long as nothing has to be built */
export function inputsOf(top: string): string {
  const hash = createHash('sha256').update(`${process.version} ${process.env['NODE_ENV'] ?? ''}`);
  for (const folder of sources) addFolder(hash, top, folder);
  for (const name of namesIn(top)) if (settings.test(name)) addFile(hash, top, name);
  addFile(hash, top, installed);
  return hash.digest('hex');
}

/** Of what was built; nothing where somebody removed it. */
export function outputsOf(top: string): string {
  const hash = createHash('sha256');
  addFolder(hash, top, 'dist');
  return hash.digest('hex');
}

function addFolder(hash: Hash, top: string, folder: string): void {
  for (const name of namesIn(join(top, folder), true)) addFile(hash, top, join(folder, name));
}

function addFile(hash: Hash, top: string, name: string): void {
  if (isTest.test(name)) return;
  const bytes = contentOf(join(top, name));
  hash.update(`${name}\0${bytes.length}\0`).update(bytes);
}

/** The files of a folder, in an order that does not depend on the machine; none where there is no such folder. */
function namesIn(folder: string, recursive = false): string[] {
  try {
    const entries = readdirSync(folder, { recursive, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const names = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    return names.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function stampIn(file: string): Partial<Stamp> {
  try {
    return JSON.parse(contentOf(file).toString()) as Partial<Stamp>;
  } catch {
    // None yet, or one that was only half written.
    return {};
  }
}

/** @param make builds into `dist` @returns whether anything had to be built */
export async function buildIfNeeded(top: string, make: () => Promise<unknown>): Promise<boolean> {
  const file = join(top, 'node_modules/.cache/caps/build.json');
  // Before the build: what changes meanwhile is built the next time.
  const inputs = inputsOf(top);
  const stamp = stampIn(file);
  if (stamp.inputs === inputs && stamp.outputs === outputsOf(top)) return false;
  await make();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ inputs, outputs: outputsOf(top) } satisfies Stamp));
  return true;
}

if (import.meta.main) {
  try {
    await buildIfNeeded(import.meta.dirname, async () => {
      const { build } = await import('vite');
      await build({
        root: join(import.meta.dirname, 'web'),
        configFile: join(import.meta.dirname, 'vite.config.ts'),
        logLevel: 'warn',
      });
    });
  } catch (error) {
    console.error(`The pages could not be built: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
