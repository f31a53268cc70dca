/** What the documentation does beyond being read: its search, and the keys that go with it. */

import '../../styles.css';
import './docs-page.css';
import './document.css';
import type { DocsIndex, Passage } from '../../../protocol/docs-index.ts';
import { findPassages, type Hit, type TextPiece, wordsOf } from './passages.ts';

// Links to a call of REST, from when that was all there was here.
if (location.pathname === '/docs' && location.hash.startsWith('#/'))
  location.replace(`/docs/api${location.hash}`);

const main = required('main');
const field = required('search');
const hits = required('hits');
const found = required('found');
const box = field.parentElement;
if (box && field instanceof HTMLInputElement) startSearch(box, field);
new ResizeObserver(letKeysReachWhatMoves).observe(main);

function required(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
}

/** What moves sideways is moved by keys as well; what is seen whole is no stop for them. */
function letKeysReachWhatMoves(): void {
  for (const block of main.querySelectorAll<HTMLElement>('pre, .table')) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
    else block.removeAttribute('tabindex');
  }
}

function startSearch(box: HTMLElement, field: HTMLInputElement): void {
  let passages: Promise<readonly Passage[]> | undefined;
  /** Asked for when somebody is about to search, and again after it could not be had. */
  const load = (): Promise<readonly Passage[]> => {
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
      // Somebody may have typed on.
      if (question === field.value) show(question, findPassages(all, question));
    } catch {
      // The hub is away, or what came is no index.
      if (question === field.value) say('The search could not be loaded. Type on to try again.');
    }
  };
  field.addEventListener('focus', () => {
    load().catch(() => {
      // Whoever then types is told.
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

/** Not by client/read.ts: shared with this page it would be a file of its own, and one more to fetch for every other. */
async function fetchPassages(): Promise<readonly Passage[]> {
  const response = await fetch('/docs/search.json');
  if (!response.ok) throw new Error(`The search was answered ${response.status}.`);
  const index: DocsIndex = JSON.parse(await response.text());
  return index.passages;
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

/** One line in the place of the list, read aloud as well. */
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
  // Also where it leads to this very page.
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
