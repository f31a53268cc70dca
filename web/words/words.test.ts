/** Checks of the translations beyond the keys, which the compiler checks. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ESTree, parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { languages } from './language.ts';

interface Message {
  readonly parameters: readonly string[];
  /** Names used in the text. */
  readonly used: ReadonlySet<string>;
}

interface WordsFile {
  /** Messages that are functions, by name: `connection.waiting`. */
  readonly functions: ReadonlyMap<string, Message>;
  readonly keys: readonly string[];
  /** Names of empty messages. */
  readonly empty: readonly string[];
  /** The forms of each plural. */
  readonly plurals: readonly (readonly string[])[];
}

const folder = import.meta.dirname;

function readWords(text: string): WordsFile {
  const functions = new Map<string, Message>();
  const keys: string[] = [];
  const empty: string[] = [];
  const plurals: string[][] = [];
  const { program, errors } = parseSync('words.ts', text);
  if (errors[0]) throw new Error(errors[0].message);

  const visit = (node: ESTree.Node, path: string): void => {
    if (node.type === 'CallExpression' && isPlural(node.callee)) {
      const [, forms] = node.arguments;
      if (forms?.type === 'ObjectExpression') plurals.push(forms.properties.map(propertyName));
    }
    if (isText(node, '')) empty.push(path);
    const isFunction = node.type === 'ArrowFunctionExpression' && path !== '';
    if (isFunction) {
      const parameters = node.params.map((param) => ('name' in param ? String(param.name) : '?'));
      functions.set(path, { parameters, used: namesIn(node.body) });
    }
    for (const [name, value] of Object.entries(node)) {
      for (const inner of [value].flat()) {
        if (!isNode(inner) || (node.type === 'TemplateLiteral' && name === 'quasis')) continue;
        const isKey = inner.type === 'Property' && !isFunction && node.type === 'ObjectExpression';
        const own = isKey ? [path, propertyName(inner)].filter(Boolean).join('.') : path;
        if (isKey) keys.push(own);
        visit(inner, own);
      }
    }
  };
  for (const statement of program.body) {
    if (statement.type === 'ExportNamedDeclaration' || statement.type === 'VariableDeclaration')
      visit(statement, '');
  }
  return { functions, keys, empty, plurals };
}

function isPlural(node: ESTree.Node): boolean {
  return node.type === 'MemberExpression' && 'name' in node.property && node.property.name === 'plural';
}

function isText(node: ESTree.Node, text: string): boolean {
  if (node.type === 'Literal') return node.value === text;
  return (
    node.type === 'TemplateLiteral' &&
    node.expressions.length === 0 &&
    node.quasis.every((part) => part.value.raw.trim() === text)
  );
}

function propertyName(node: ESTree.Node): string {
  if (!('key' in node) || !isNode(node.key)) return '';
  if ('name' in node.key) return String(node.key.name);
  return 'value' in node.key ? String(node.key.value) : '';
}

function namesIn(node: ESTree.Node): Set<string> {
  const names = new Set<string>();
  const visit = (inner: ESTree.Node): void => {
    if (inner.type === 'Identifier') names.add(inner.name);
    for (const value of Object.values(inner)) {
      for (const child of [value].flat()) if (isNode(child)) visit(child);
    }
  };
  visit(node);
  return names;
}

function isNode(value: unknown): value is ESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** @returns the faults of a translation */
function complaints(language: string, english: WordsFile, own: WordsFile): string[] {
  const missing = [...english.functions].flatMap(([name, { parameters, used }]) => {
    const said = own.functions.get(name);
    return parameters.flatMap((parameter, i) => {
      const ownName = said?.parameters[i];
      const isSaid = ownName !== undefined && said?.used.has(ownName) === true;
      return isSaid || !used.has(parameter) ? [] : [`${name} does not say ${parameter}`];
    });
  });
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const wanted = pluralCategories.toSorted().join();
  return [
    ...own.empty.map((name) => `${name} is empty`),
    ...missing,
    ...own.plurals
      .filter((forms) => forms.toSorted().join() !== wanted)
      .map((forms) => `a plural has ${forms.join()}, not ${wanted}`),
  ];
}

const files = readdirSync(join(folder, 'en'));
const read = (language: string, file: string) =>
  readWords(readFileSync(join(folder, language, file), 'utf8'));

it('there are words to check', () => {
  expect(files).toContain('shared.ts');
  const english = read('en', 'shared.ts');
  expect(english.keys).toContain('connection.waiting');
  expect(english.functions.get('connection.waiting')?.parameters).toEqual(['n']);
});

describe.each([...languages])('%s', (language) => {
  it('has each file of words', () => {
    expect(readdirSync(join(folder, language)).toSorted()).toEqual(files.toSorted());
  });

  it.each(files)('%s uses every parameter that English uses, and has all plural forms', (file) => {
    expect(complaints(language, read('en', file), read(language, file))).toEqual([]);
  });
});

describe('a fault is found in', () => {
  const english = readWords('export const messages = (f: F) => ({ a: { b: (n: number) => f.count(n) } });');
  const found = (text: string, language = 'de') =>
    complaints(language, english, readWords(`export const messages = (f: F): Words => (${text});`));

  it.each([
    ['{ a: { b: (m) => f.count(m) } }', []],
    ["{ a: { b: () => 'y' } }", ['a.b does not say n']],
    ["{ a: { b: (n) => 'y' } }", ['a.b does not say n']],
    ["{ a: { b: (n) => f.count(n), c: '' } }", ['a.c is empty']],
    ["{ a: { b: (n) => f.plural(n, { other: 'x' }) } }", ['a plural has other, not one,other']],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected));
});
