/** The documentation's search, and its keyboard shortcuts. */

import '../../styles.css';
import './docs-page.css';
import './document.css';
import type { DocsIndex } from '../../../protocol/docs-index.ts';
import {
  type FoldedPassage,
  findPassages,
  foldPassages,
  type Hit,
  type TextPiece,
  wordsOf,
} from './passages.ts';

// Old links to a REST call, from when /docs was the API reference alone.
if (location.pathname === '/docs' && location.hash.startsWith('#/'))
  location.replace(`/docs/api${location.hash}`);

const main = required('main');
const field = required('search');
const hits = required('hits');
const found = required('found');
const box = field.parentElement;
if (box && field instanceof HTMLInputElement) startSearch(box, field);
new ResizeObserver(updateTabStops).observe(main);

function required(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
}

/** Makes blocks that scroll sideways focusable, so that keys can scroll them; others are no tab stop. */
function updateTabStops(): void {
  for (const block of main.querySelectorAll<HTMLElement>('pre, .table')) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
    else block.removeAttribute('tabindex');
  }
}

function startSearch(box: HTMLElement, field: HTMLInputElement): void {
  let passages: Promise<readonly FoldedPassage[]> | undefined;
  /** Loads the index when the field gets the focus, and again after a failure. */
  const load = (): Promise<readonly FoldedPassage[]> => {
    passages ??= fetchPassages().catch((error: unknown) => {
      passages = undefined;
      throw error;
    });
    return passages;
  };
  const search = async (): Promise<void> => {
    const question = field.value;
    try {
      const all = await load();
      // The question may have changed meanwhile.
      if (question === field.value) show(question, findPassages(all, question));
    } catch {
      // The hub is away, or the answer is no index.
      if (question === field.value) say('The search could not be loaded. Type on to try again.');
    }
  };
  field.addEventListener('focus', () => {
    load().catch(() => {
      // The search reports it with the next key.
    });
  });
  field.addEventListener('input', () => void search());
  document.addEventListener('keydown', (event) => onKey(event, box, field));
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Node && box.contains(target))) hits.hidden = true;
  });
  field.addEventListener('click', () => {
    hits.hidden = hits.childElementCount === 0;
  });
  if (matchMedia('(pointer: fine)').matches) field.placeholder = 'Search, with the key /';
  box.hidden = false;
}

/** Does not use client/read.ts: shared with this page, it would become a chunk of its own that every page has to fetch. */
async function fetchPassages(): Promise<readonly FoldedPassage[]> {
  const response = await fetch('/docs/search.json');
  if (!response.ok) throw new Error(`The search was answered ${response.status}.`);
  const index: DocsIndex = JSON.parse(await response.text());
  return foldPassages(index.passages);
}

function onKey(event: KeyboardEvent, box: HTMLElement, field: HTMLInputElement): void {
  const { key, target } = event;
  const isTyping = target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey;
  if (key === '/' && !isTyping) {
    field.focus();
    field.select();
  } else if (!(target instanceof Node && box.contains(target))) return;
  else if (key === 'Escape') {
    field.value = '';
    show('', []);
    field.focus();
  } else if (key === 'ArrowDown' || key === 'ArrowUp') move(key === 'ArrowDown' ? 1 : -1, field);
  else if (key === 'Enter' && target === field) hits.querySelector('a')?.click();
  else return;
  event.preventDefault();
}

function move(step: 1 | -1, field: HTMLInputElement): void {
  const stops: (Element | null)[] = [field, ...hits.querySelectorAll('a')];
  const place = stops.indexOf(document.activeElement);
  const next = stops[place + step];
  if (next instanceof HTMLElement) next.focus();
}

function show(question: string, list: readonly Hit[]): void {
  hits.replaceChildren(...list.map(itemOf));
  if (wordsOf(question).length === 0) say('');
  else if (list.length === 0) say('Nothing found.');
  else found.textContent = `Places found: ${list.length}`;
  hits.hidden = hits.childElementCount === 0;
}

/** Shows one line in place of the list; screen readers announce it too. */
function say(words: string): void {
  found.textContent = words;
  const line = document.createElement('li');
  line.className = 'said';
  line.textContent = words;
  hits.replaceChildren(...(words ? [line] : []));
  hits.hidden = !words;
}

function itemOf({ passage, title, snippet }: Hit): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = passage.at;
  link.append(lineOf('hit', title));
  if (passage.page !== passage.title) link.append(lineOf('of', [{ text: passage.page, isMatch: false }]));
  link.append(lineOf('snippet', snippet));
  // A link to this very page loads nothing, so the list has to be closed here.
  link.addEventListener('click', () => {
    hits.hidden = true;
  });
  item.append(link);
  return item;
}

function lineOf(name: string, pieces: readonly TextPiece[]): HTMLElement {
  const line = document.createElement('span');
  line.className = name;
  for (const { text, isMatch } of pieces) {
    if (isMatch) {
      const mark = document.createElement('mark');
      mark.textContent = text;
      line.append(mark);
    } else line.append(text);
  }
  return line;
}
