/**
 * Style sheets use start and end instead of left and right, so that right-to-left pages are mirrored. Components name only
 * classes that exist.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const physicalNames =
  /^((min-|max-)?(width|height)|left|right|top|bottom|(margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)(-.*)?|border-(top|bottom)-(left|right)-radius)$/;
/** Shorthands of four sides: the second is right, the fourth left. */
const sides = /^(margin|padding|inset|border-(width|style|color)|border-radius)$/;
/** Insets of the device, which do not depend on the text's direction. */
const physicalInsets = /env\(safe-area-inset-(left|right)\)/g;

/** @returns the declarations that name left or right */
function physical(sheet: string): string[] {
  // Media queries may name the width of the screen.
  const rules = sheet.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@media[^{]*\{/g, '{');
  const found = rules.matchAll(/(?:^|[{;])\s*([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/g);
  return Array.from(found, ([, name = '', value = '']) => ({
    name,
    value: value.replace(/\s+/g, ' ').trim(),
  }))
    .filter(({ name, value }) => isPhysical(name, value))
    .map(({ name, value }) => `${name}: ${value}`);
}

function isPhysical(name: string, value: string): boolean {
  if (physicalNames.test(name)) return true;
  if (/^(text-align|float|clear)$/.test(name) && /\b(left|right)\b/.test(value)) return true;
  if (/shadow$/.test(name) && /inset -?[1-9]/.test(value)) return true;
  if (/gradient\(\s*to (left|right)\b/.test(value)) return true;
  if (!sides.test(name)) return false;
  const [, right, , left] = partsOf(value.replace(physicalInsets, 'inset'));
  return right !== undefined && left !== undefined && right !== left;
}

/** Splits at spaces outside parentheses. */
function partsOf(value: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of value) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ' ' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}

const folder = import.meta.dirname;
const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.css'),
);

it('there are style sheets to check', () => expect(sheets.length).toBeGreaterThan(30));

it.each(sheets)('%s can be mirrored', (name) => {
  expect(physical(readFileSync(join(folder, name), 'utf8'))).toEqual([]);
});

it.each([
  'a { left: 0 }',
  'a { color: red; margin-left: 1px; }',
  'a { padding-right: 1px; }',
  'a { max-width: 10px; }',
  'a { border-left-color: red; }',
  'a { border-top-left-radius: 1px; }',
  'a { text-align: right; }',
  'a { float: left; }',
  'a { padding: 1px 2px 3px 4px; }',
  'a { padding: 1px calc(1px + 2px) 3px 4px; }',
  '@media (min-width: 1px) { a { width: 2px; } }',
  'a { box-shadow: inset 3px 0 red; }',
  'a { background: linear-gradient(to right, red, blue); }',
])('found: %s', (sheet) => expect(physical(sheet)).toHaveLength(1));

it.each([
  'a:left { inset-inline-start: 0; }',
  '/* left: 0; */ a { margin-inline-start: 1px; }',
  '@media (max-width: 639px) { a { inline-size: 1px; } }',
  'a { padding: 1px 2px 3px; }',
  'a { box-shadow: inset 0 -1px red; }',
  'a { padding: 1px max(1px, env(safe-area-inset-right)) 2px max(1px, env(safe-area-inset-left)); }',
])('left alone: %s', (sheet) => expect(physical(sheet)).toEqual([]));

const components = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.tsx'),
);

it.each(components)('%s names only classes that its style sheet has', (name) => {
  const code = readFileSync(join(folder, name), 'utf8');
  const [, path] = /^import styles from '(.*)';$/m.exec(code) ?? [];
  const sheet = path === undefined ? '' : readFileSync(join(folder, dirname(name), path), 'utf8');
  const known = new Set(Array.from(sheet.matchAll(/\.([a-z]\w*)/gi), ([, found]) => found));
  const used = Array.from(code.matchAll(/\bstyles\['(\w+)'\]/g), ([, found]) => found);
  expect(used.filter((one) => !known.has(one))).toEqual([]);
});
