/** The documents of the project, for tests that hold them against the code. */

import { readdirSync, readFileSync } from 'node:fs';

const atTop = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/results.md'];

/** Paths from the top. */
export const documents: readonly string[] = [
  ...atTop,
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];

export function readDocument(path: string): string {
  return readFileSync(path, 'utf8');
}

/** What stands between single backticks, outside blocks of code. */
export function codeSpans(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, span = '']) => span);
}

/** The blocks of code between lines of three backticks. */
export function fencedBlocks(text: string): string[] {
  return Array.from(text.matchAll(/^```[^\n]*\n(.*?)^```$/gms), ([, block = '']) => block);
}
