/** Writes `docs/proofs.md` at the end of `npm run torture`. Proofs that did not run keep their rows. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type Proof, type ProofName, proofs } from './proof.ts';

const page = fileURLToPath(new URL('../docs/proofs.md', import.meta.url));

export default class PageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const rows = new Map<string, string>();
    for (const test of tests) {
      const { proof } = test.meta();
      if (proof) rows.set(proof.name, rowOf(proof, test, commitNow()));
    }
    if (rows.size === 0) return;
    const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
    writeFileSync(page, pageWith(rows, before));
  }
}

/** @param before the previous page, with the rows of proofs that did not run */
export function pageWith(rows: ReadonlyMap<string, string>, before: string): string {
  const table = (Object.keys(proofs) as ProofName[]).map((name) => {
    const known = before.split('\n').find((line) => line.startsWith(`| ${name} |`));
    return rows.get(name) ?? known ?? `| ${name} | ${proofs[name]} | not run yet | | | |`;
  });
  return `${head}\n${table.join('\n')}\n`;
}

function rowOf({ name, figure, result, seed }: Proof, test: TestCase, commit: string): string {
  const passed = test.result().state === 'passed';
  const minutes = ((test.diagnostic()?.duration ?? 0) / 60_000).toFixed(1);
  const busy = `${minutes} min, load ${(loadavg()[1] ?? 0).toFixed(0)} on ${availableParallelism()} cores`;
  const cells = [
    name,
    proofs[name],
    figure,
    `${passed ? '' : '**FAILED** '}${result}`,
    seed,
    `${commit}; ${busy}`,
  ];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '/').replaceAll('\n', '; ')).join(' | ')} |`;
}

function commitNow(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const isClean = git('status', '--porcelain', '--', ':!docs/proofs.md') === '';
  return `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : ' and changes'}, ${date}`;
}

const head = `# The long proofs

Made by \`npm run torture\`; do not edit. Each proof has a quick version in \`npm test\`, those of several hubs in
\`npm run test:cluster\`, and a hub with a fault in it that its checker must find (\`proofs/mutants\`,
\`cluster/mutants\`). \`SEED=… npm run torture -- race\` runs one again. Times hold for
the machine and its load at that moment.

| proof | must come to | was run | result | seed | commit, time |
| --- | --- | --- | --- | --- | --- |`;
