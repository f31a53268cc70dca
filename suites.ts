/**
 * `npm test`: runs both suites at once, because browser tests mostly wait and the others mostly compute. Repeats failures
 * in full at the end. `--changed [base]` runs only tests that a change since that commit can break.
 */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chosenFor, type Texts } from './changed.ts';

interface Suite {
  readonly name: 'vitest' | 'playwright' | 'mutants';
  /** Its program and arguments. */
  readonly args: readonly string[];
}

/** The suites' JSON reports, see vitest.config.ts and playwright.config.ts. */
const reportOf = (name: Suite['name']): string => `test-results/${name}.json`;
const vitestProgram = 'node_modules/vitest/vitest.mjs';
const programs = {
  vitest: vitestProgram,
  playwright: 'node_modules/playwright/cli.js',
  mutants: vitestProgram,
};
const linesMax = 40;

/** @returns the failures with their messages */
function failuresIn({ name }: Suite): string[] {
  let report: unknown;
  try {
    report = JSON.parse(readFileSync(reportOf(name), 'utf8'));
  } catch {
    return [`${name} left no report.`];
  }
  return (name === 'playwright' ? playwrightFailures : vitestFailures)(report);
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

export function vitestFailures(report: unknown): string[] {
  const { testResults } = report as VitestReport;
  return testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === '' ? [] : [told(name, message)]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) =>
        told(`${name} › ${fullName}`, (failureMessages ?? []).join('\n')),
      ),
  ]);
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly file: string;
    readonly title: string;
    readonly tests: readonly {
      readonly results: readonly { readonly errors: readonly { readonly message: string }[] }[];
    }[];
  }[];
}

export function playwrightFailures(report: unknown): string[] {
  const { suites, errors } = report as {
    readonly suites: readonly PlaywrightSuite[];
    readonly errors: readonly { readonly message: string }[];
  };
  const visit = ({ suites: inner = [], specs = [] }: PlaywrightSuite): string[] => [
    ...specs.flatMap(({ file, title, tests }) => {
      const messages = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      return messages.length === 0
        ? []
        : [told(`e2e/${file} › ${title}`, messages.map(({ message }) => message).join('\n'))];
    }),
    ...inner.flatMap(visit),
  ];
  return [...errors.map(({ message }) => told('playwright', message)), ...suites.flatMap(visit)];
}

function told(where: string, message: string): string {
  const lines = message.trim().split('\n').slice(0, linesMax);
  return [where, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Dozens of processes, which compile the same packages: the first one's code serves the others, as it does hubs. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') };

/** Prints its lines behind its name. @returns its exit code */
function run({ name, args }: Suite): Promise<number> {
  const child = spawn(process.execPath, [programs[name], ...args], {
    env: { ...compiled, ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => console.log(`${name.padEnd(10)} ${line}`));
  }
  const stop = () => void child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    }),
  );
}

function git(...args: string[]): string[] {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');
}

/** The commit at which this branch left main; without a main, the last commit. */
function baseOfBranch(): string {
  try {
    return git('merge-base', 'HEAD', 'main')[0] ?? 'HEAD';
  } catch {
    return 'HEAD';
  }
}

/** The long proofs' settings, with a report of its own. */
const mutantArgs = [
  ...['run', '--config', 'proofs/vitest.config.ts', '--reporter', 'default'],
  ...['--reporter', 'json', '--outputFile', reportOf('mutants')],
];

function changedSince(base: string): Suite[] {
  const changed = [...git('diff', '--name-only', base), ...git('ls-files', '-o', '--exclude-standard')];
  const files = git('ls-files', '-co', '--exclude-standard').filter((path) => existsSync(path));
  const texts: Texts = Object.fromEntries(files.map((path) => [path, readFileSync(path, 'utf8')]));
  const { vitest, playwright, mutants } = chosenFor(changed, texts);
  const count = (chosen: readonly string[] | 'all') => (chosen === 'all' ? 'all' : chosen.length);
  console.log(
    `Since ${base} ${changed.length} files have changed: ${count(vitest)} files of tests, ${count(playwright)} of browser tests, ${mutants.length} of mutants.`,
  );
  return [
    { name: 'vitest', args: ['run', ...(vitest === 'all' ? [] : vitest)] },
    ...(playwright.length === 0
      ? []
      : [{ name: 'playwright', args: ['test', ...(playwright === 'all' ? [] : playwright)] } as const]),
    ...(mutants.length === 0 ? [] : [{ name: 'mutants', args: [...mutantArgs, ...mutants] } as const]),
  ];
}

if (import.meta.main) {
  // A Ctrl-C reaches them too: their last output still has to be printed.
  process.on('SIGINT', () => {});
  const [option, base] = process.argv.slice(2);
  const suites: Suite[] =
    option === '--changed'
      ? changedSince(base ?? baseOfBranch())
      : [
          { name: 'vitest', args: ['run'] },
          { name: 'playwright', args: ['test'] },
        ];
  for (const { name } of suites) rmSync(reportOf(name), { force: true });
  const codes = await Promise.all(suites.map(run));
  suites.forEach((suite, i) => {
    console.log(`\n${suite.name}: ${codes[i] === 0 ? 'passed' : `ended with code ${codes[i]}`}`);
    if (codes[i] !== 0) for (const failure of failuresIn(suite)) console.log(`\n${failure}`);
  });
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
}
