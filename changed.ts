/**
 * Finds the tests that a change can break, for `npm run test:changed`, without a list to maintain: a file depends on each
 * file that it names as an import, a worker or a process. In browser tests the server is between a test and its page, so a
 * spec depends on the pages that it opens.
 */

import { posix } from 'node:path';
import { pages } from './protocol/pages.ts';

/** By path from the root. */
export type Texts = Readonly<Record<string, string>>;

export interface TestSelection {
  /** Test files, or `all`. */
  readonly vitest: readonly string[] | 'all';
  readonly playwright: readonly string[] | 'all';
  /** Tests that a proof finds its mutant. They are not part of `npm test`. */
  readonly mutants: readonly string[];
}

/** Files that affect all tests: packages and configuration. */
const everything =
  /^(package(-lock)?\.json|tsconfig\.json|vite\.config\.ts|build\.ts|oldest-browsers\.ts|web-chunks\.ts)$/;
/** Tests of `npm test`: torture, and all but one of `cluster`, have commands of their own. */
const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) && !/\.torture\.test\.ts$|^cluster\/(?!quick\.)/.test(path);
const isMutantTest = (path: string): boolean => /^proofs\/.*\.mutant\.torture\.test\.ts$/.test(path);
const isProofs = (path: string): boolean => /^(proofs|testkit)\//.test(path);
const isSpec = (path: string): boolean => /^e2e\/.*\.spec\.ts$/.test(path);
const isE2e = (path: string): boolean => /^(e2e|testkit\/browser)\//.test(path);

/** A test that reads the whole tree. */
const always = 'tidy.test.ts';

/** Text in a spec that opens a page of this folder of `web/pages`. */
const openers: readonly (readonly [folder: string, says: RegExp])[] = [
  ...pages.map(({ path, folder }) => {
    const [first = '', ...rest] = folder;
    const address = path === '/' ? "'/'" : `'${path}`;
    return [
      `web/pages/${folder}/`,
      new RegExp(`${first.toUpperCase()}${rest.join('')}Page|${address}`),
    ] as const;
  }),
  ['web/pages/track/', /TrackPage/],
];

/** Specs of the doors and of every page with a parcel's whole life: they show first if a changed hub breaks a page. */
const ofTheHub = ['courier', 'crash', 'crew', 'dialects', 'first-run', 'keys', 'track'].map(
  (name) => `e2e/${name}.spec.ts`,
);
const hub = /^(server|protocol|client)\//;

/** @param changed paths from the root, including deleted files */
export function chosenFor(changed: readonly string[], texts: Texts): TestSelection {
  const next = dependencies(texts);
  const isChanged = (path: string): boolean => changed.includes(path);
  const files = Object.keys(texts).sort();
  const isAll = changed.some((path) => everything.test(path));
  const tests = files.filter((path) => isTest(path) && reached(path, next).some(isChanged));
  return {
    vitest: isAll || isChanged('vitest.config.ts') ? 'all' : [...new Set([always, ...tests])],
    playwright:
      isAll || isChanged('playwright.config.ts')
        ? 'all'
        : files.filter((path) => isSpec(path) && isHit(path, changed, texts, next)),
    // A mutant shows that a proof can fail, which the hub has no part in.
    mutants: files.filter(
      (path) => isMutantTest(path) && reached(path, next, isProofs).filter(isProofs).some(isChanged),
    ),
  };
}

type Next = ReadonlyMap<string, readonly string[]>;

/** Finds quoted paths of our files: relative, from the root, or in HTML from its own folder. */
function dependencies(texts: Texts): Next {
  return new Map(
    Object.entries(texts).map(([path, text]) => {
      const quoted = Array.from(text.matchAll(/(['"`])([^'"`\s]+)\1/g), ([, , spec = '']) => spec);
      return [path, [...new Set(quoted.flatMap((spec) => filesOf(path, spec, texts)))]];
    }),
  );
}

function filesOf(from: string, spec: string, texts: Texts): string[] {
  const plain = spec.replace(/[?#].*$/, '');
  const path = plain.startsWith('.')
    ? posix.join(posix.dirname(from), plain)
    : posix.join(from.endsWith('.html') ? posix.dirname(from) : '', plain);
  if (!path.includes('${')) return path in texts ? [path] : [];
  // A template may match any file of its folder.
  if (!/^[\w-]+\//.test(path)) return [];
  const parts = path.split(/\$\{[^}]*\}/).map((part) => part.replace(/[^\w/]/g, '\\$&'));
  const fits = new RegExp(`^${parts.join('[^/]+')}$`);
  return Object.keys(texts).filter((one) => fits.test(one));
}

/** The file and all its dependencies. @param follows which files' dependencies count */
function reached(path: string, next: Next, follows: (path: string) => boolean = () => true): string[] {
  const all = new Set([path]);
  for (const one of all) for (const to of follows(one) ? (next.get(one) ?? []) : []) all.add(to);
  return [...all];
}

function isHit(spec: string, changed: readonly string[], texts: Texts, next: Next): boolean {
  const own = reached(spec, next, isE2e);
  if (changed.some((path) => isE2e(path) && own.includes(path))) return true;
  if (changed.some((path) => hub.test(path) && !isTest(path)) && ofTheHub.includes(spec)) return true;
  const hit = changed.filter((path) => path.startsWith('web/') && !isTest(path));
  return hit.some((path) => {
    const opened = openers.filter(([folder]) => path.startsWith(folder));
    // It affects all pages.
    return opened.length === 0 || opened.some(([, says]) => says.test(texts[spec] ?? ''));
  });
}
