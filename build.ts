/**
 * Builds the pages unless they are built already. Compares hashes of their sources and of the built files, which lie in
 * `dist`, so that a `dist` built elsewhere needs no second build. `npm start` runs this each time, because a check is
 * faster than a build.
 */

import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders that the pages may import (`tidy.test.ts` checks it), and the build's own files. */
const sources = ['web', 'client', 'protocol'];
const settings = /\.(ts|json)$/;
/** npm's list of installed packages. */
const installed = 'node_modules/.package-lock.json';
const isTest = /\.test\.tsx?$/;
/** The file with the hashes. The hub serves no dot files. */
const stampFile = 'dist/.build.json';

interface Stamp {
  readonly inputs: string;
  readonly outputs: string;
}

/** @param top the project's folder @returns a hash of everything that the build depends on */
export function inputsOf(top: string): string {
  // Vite treats a missing NODE_ENV as production.
  const hash = createHash('sha256').update(process.env['NODE_ENV'] || 'production');
  for (const folder of sources) addFolder(hash, top, folder);
  for (const name of namesIn(top)) if (settings.test(name)) addFile(hash, top, name);
  for (const line of packagesIn(top)) hash.update(line);
  return hash.digest('hex');
}

/** Hash of the built files, or of nothing if they are missing. */
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

/** Leaves out development packages and packages of one platform: the pages do not contain them. */
function packagesIn(top: string): string[] {
  let list: { readonly packages?: Readonly<Record<string, InstalledPackage>> };
  try {
    list = JSON.parse(contentOf(join(top, installed)).toString());
  } catch {
    // npm did not install them.
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

/** The files of a folder in a fixed order; none if the folder is missing. */
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
    // Missing or half written.
    return {};
  }
}

/**
 * Builds the pages if needed. Without sources, as in an image with only `dist`, it accepts `dist` as it is.
 * @param make builds into `dist`
 * @returns whether it built anything
 * @throws Error if there are neither sources nor `dist`
 */
export async function buildIfNeeded(top: string, make: () => Promise<unknown>): Promise<boolean> {
  if (!existsSync(join(top, 'web/index.html'))) {
    if (existsSync(join(top, 'dist/index.html'))) return false;
    throw new Error(
      'there is no web/index.html. Bring the folder web, or a folder dist that was built elsewhere.',
    );
  }
  const file = join(top, stampFile);
  // Hashes before the build, so that the next run builds changes made meanwhile.
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
