/**
 * Builds the pages, unless they are built already. Hashes of their sources and of the built files tell; they lie in
 * `dist`, so that a `dist` built elsewhere needs no second build. `npm start` runs this each time, and a build takes
 * longer than a start.
 */

import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the pages may import (`tidy.test.ts` sees to it), and how they are built. */
const sources = ['web', 'client', 'protocol'];
const settings = /\.(ts|json)$/;
/** npm lists here what it has installed, whatever package.json asks for. */
const installed = 'node_modules/.package-lock.json';
const isTest = /\.test\.tsx?$/;
/** Holds the hashes. The hub serves no file whose name begins with a dot. */
const stampFile = 'dist/.build.json';

interface Stamp {
  readonly inputs: string;
  readonly outputs: string;
}

/** @param top the folder of the project @returns what stays the same as long as nothing has to be built */
export function inputsOf(top: string): string {
  // Vite takes a missing NODE_ENV for production.
  const hash = createHash('sha256').update(process.env['NODE_ENV'] || 'production');
  for (const folder of sources) addFolder(hash, top, folder);
  for (const name of namesIn(top)) if (settings.test(name)) addFile(hash, top, name);
  for (const line of packagesIn(top)) hash.update(line);
  return hash.digest('hex');
}

/** Of the built files; of nothing after somebody removed them. */
export function outputsOf(top: string): string {
  const hash = createHash('sha256');
  addFolder(hash, top, 'dist');
  return hash.digest('hex');
}

interface InstalledPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/** Without what `npm ci --omit=dev` leaves out and what only some machines get: the pages are not made of it. */
function packagesIn(top: string): string[] {
  let list: { readonly packages?: Readonly<Record<string, InstalledPackage>> };
  try {
    list = JSON.parse(contentOf(join(top, installed)).toString());
  } catch {
    // Another program than npm has installed them.
    return [];
  }
  return Object.entries(list.packages ?? {})
    .filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
    .map(([path, { version, integrity }]) => `${path} ${version} ${integrity}\n`);
}

function addFolder(hash: Hash, top: string, folder: string): void {
  const names = namesIn(join(top, folder), true).map((name) => join(folder, name));
  for (const name of names) if (name !== stampFile) addFile(hash, top, name);
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

/**
 * Takes `dist` as it is where there are no sources to build it from, as in an image that got only `dist`.
 * @param make builds into `dist`
 * @returns whether anything had to be built
 * @throws Error there are neither the pages' sources nor `dist`
 */
export async function buildIfNeeded(top: string, make: () => Promise<unknown>): Promise<boolean> {
  if (!existsSync(join(top, 'web/index.html'))) {
    if (existsSync(join(top, 'dist/index.html'))) return false;
    throw new Error(
      'there is no web/index.html. Bring the folder web, or a folder dist that was built elsewhere.',
    );
  }
  const file = join(top, stampFile);
  // Before the build: what changes meanwhile is built the next time.
  const inputs = inputsOf(top);
  const stamp = stampIn(file);
  if (stamp.inputs === inputs && stamp.outputs === outputsOf(top)) return false;
  await make();
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
