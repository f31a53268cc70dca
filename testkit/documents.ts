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

/** Stands where an example leaves something out, as in `{…}` and `[ … ]`. */
export const elided = '…';

/** The end of a JSON value that begins at a bracket; undefined where it has none. */
function endOf(text: string, from: number): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if ('[{'.includes(token)) depth++;
    if (']}'.includes(token) && --depth === 0) return from + index + 1;
  }
  return undefined;
}

/** Values in JSON, whatever stands around them: requests, arrows, comments, programs. */
export function valuesIn(block: string): unknown[] {
  const text = block.replaceAll(/^# ?|^\s*\/\/.*$/gm, '');
  const values: unknown[] = [];
  let next = 0;
  for (const { index } of text.matchAll(/[[{]/g)) {
    const end = index < next ? undefined : endOf(text, index);
    if (end === undefined) continue;
    const json = text
      .slice(index, end)
      .replaceAll(/"(?:[^"\\]|\\.)*"|\{\s*…\s*\}|\[\s*…\s*\]|,\s*…/g, (token) => {
        if (token.startsWith('"')) return token === '"…"' ? '"2026-11-20T18:03:11.246Z"' : token;
        if (token.startsWith(',')) return `,"${elided}":true`;
        return token.startsWith('{') ? `{"${elided}":true}` : `["${elided}"]`;
      });
    try {
      values.push(JSON.parse(json));
      next = end;
    } catch {
      // A part of a program. What is inside may be JSON.
    }
  }
  return values;
}
