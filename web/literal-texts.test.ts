/** Components hold no visible text: all texts are in `words`, in every language. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ESTree, parseSync } from 'vite';
import { expect, it } from 'vitest';

/** The documentation and its page are in English only. */
const english: readonly string[] = ['pages/docs/docs-page.ts'];

/** Props and attributes that take texts. */
const textNames =
  /^(title|alt|placeholder|label|text|what|aria-(label|description|roledescription|valuetext))$/;
/** Names that are the same in every language. */
const names = /^(CAPS|CAPS_[A-Z_]+|HTTPS|JSON|CSV|QR|Enter|Esc|Ctrl|Space|Alt|Shift|[a-z]|[A-Z])$/;

/** @returns the texts in a component */
function literalTexts(path: string, text: string): string[] {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const found: string[] = [];
  const take = (value: string): void => {
    const said = value.replace(/\s+/g, ' ').trim();
    if (/\p{L}/u.test(said) && !names.test(said)) found.push(said);
  };
  const visit = (node: ESTree.Node): void => {
    if (node.type === 'JSXText') take(node.value);
    if (node.type === 'JSXAttribute' && node.value !== null) {
      const name = typeof node.name.name === 'string' ? node.name.name : '';
      if (textNames.test(name)) said(node.value);
    }
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node.children) if (child.type === 'JSXExpressionContainer') said(child);
    }
    each(node, visit);
  };
  /** Takes all texts that an expression may evaluate to. */
  const said = (node: ESTree.Node): void => {
    if (node.type === 'Literal' && typeof node.value === 'string') take(node.value);
    if (node.type === 'TemplateLiteral') take(node.quasis.map(({ value }) => value.raw).join(' '));
    if (node.type === 'ConditionalExpression') {
      said(node.consequent);
      said(node.alternate);
    }
    if (node.type === 'LogicalExpression') {
      said(node.left);
      said(node.right);
    }
    if (node.type === 'JSXExpressionContainer') said(node.expression);
    if (node.type === 'ParenthesizedExpression') said(node.expression);
  };
  visit(program);
  return found;
}

/** @returns the sentences in code, such as those of a store */
function sentences(path: string, text: string): string[] {
  const { program } = parseSync(path, text);
  const found: string[] = [];
  const visit = (node: ESTree.Node): void => {
    // Messages of bugs are not for users.
    if (node.type === 'NewExpression' && 'name' in node.callee && node.callee.name === 'Error') return;
    const text = textOf(node);
    if (/^[A-Z“][^.]* .*[.…?!]$/.test(text)) found.push(text);
    each(node, visit);
  };
  visit(program);
  return found;
}

function textOf(node: ESTree.Node): string {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.raw).join('#') : '';
}

function each(node: ESTree.Node, visit: (inner: ESTree.Node) => void): void {
  for (const value of Object.values(node)) {
    for (const inner of [value].flat()) {
      if (typeof inner === 'object' && inner !== null && 'type' in inner && typeof inner.type === 'string')
        visit(inner);
    }
  }
}

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith('words/'));

function textsIn(path: string): string[] {
  const text = readFileSync(join(folder, path), 'utf8');
  return [...(path.endsWith('.tsx') ? literalTexts(path, text) : []), ...sentences(path, text)];
}

it('there are components to check', () => expect(files.length).toBeGreaterThan(100));

it.each(files.filter((path) => !english.includes(path)))('%s has no texts of its own', (path) => {
  expect(textsIn(path)).toEqual([]);
});

it.each(english)('%s has some in English', (path) => expect(textsIn(path)).not.toEqual([]));

it.each([
  ['<p>Hello</p>', 'Hello'],
  ['<p>{isOpen ? "Open" : undefined}</p>', 'Open'],
  ['<p>{isOpen && `open`}</p>', 'open'],
  ['<Panel title="Offers" />', 'Offers'],
  ['<a aria-label={isOpen ? "Open" : "Closed"} />', 'Open', 'Closed'],
  ['<Button>{undefined ?? "Copy"}</Button>', 'Copy'],
])('found: %s', (text, ...expected) => {
  expect(literalTexts('a.tsx', `export const A = ${text};`)).toEqual(expected);
});

it.each([
  '<p>{words.hello}</p>',
  '<p> · {a}</p>',
  '<Button look="main" size="big" />',
  '<code>CAPS_ADMIN_KEY</code>',
  '<p data-state={isOpen ? "open" : "closed"} />',
])('left alone: %s', (text) => expect(literalTexts('a.tsx', `export const A = ${text};`)).toEqual([]));

it('finds sentences of stores and ignores those of bugs', () => {
  const text = "say('lost', 'It is lost.'); throw new Error('This cannot be.'); say(`Order lost.`);";
  expect(sentences('a.ts', text)).toEqual(['It is lost.', 'Order lost.']);
});
