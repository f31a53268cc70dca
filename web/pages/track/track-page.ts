/**
 * Keeps the customer's page true while it is open. The page came complete from the hub; from here on the hub sends
 * each later state as the same piece of HTML, ready to be put in its place.
 */

import '../../styles.css';
import './track-page.css';
import { applyTheme, keptTheme } from '../../theme.ts';
import { momentText, wholeMomentText } from './moments.ts';

/** A trouble or a start shorter than this is not worth a word. */
const quietMs = 400;
const retryMinMs = 500;
const retryMaxMs = 10_000;
/** The hub is heard of every 15 s at least; after twice that and some the connection is dead without saying so. */
const silenceMaxMs = 40_000;
/** A page that nobody looks at only looks in now and then: browsers allow six such connections to one address. */
const restMs = 60_000;
const hiddenGraceMs = 10_000;

type Link = 'quiet' | 'live' | 'lost';

const state = required('state');
const news = required('news');
const link = required('link');

applyTheme(keptTheme());
showLocalTimes();
// The page for a link that leads nowhere has no order, and nothing to follow.
if (state.querySelector('[data-status]')) follow(`${location.pathname.replace(/\/+$/, '')}/live`);

function follow(url: string): void {
  let source: EventSource | undefined;
  let failures = 0;
  let heardAt = new Date();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let hush: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    close();
    hush ??= setTimeout(() => showLink('lost', heardAt), quietMs);
    source = new EventSource(url);
    source.addEventListener('state', ({ data }: MessageEvent<string>) => {
      heard();
      show(JSON.parse(data) as { title: string; state: string });
      if (document.hidden) lookAgainIn(restMs);
    });
    source.addEventListener('beat', () => {
      heard();
      showLocalTimes();
    });
    // Its own way of trying again ends with the first answer that is no stream, as of a hub that is just starting.
    source.addEventListener('error', lost);
  }

  function close(): void {
    clearTimeout(retry);
    clearTimeout(silence);
    source?.close();
    source = undefined;
  }

  function heard(): void {
    failures = 0;
    heardAt = new Date();
    clearTimeout(hush);
    hush = undefined;
    showLink('live', heardAt);
    clearTimeout(silence);
    silence = setTimeout(lost, silenceMaxMs);
  }

  function lost(): void {
    const delay = Math.min(retryMaxMs, retryMinMs * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    hush ??= setTimeout(() => showLink('lost', heardAt), quietMs);
    lookAgainIn(delay);
  }

  function lookAgainIn(ms: number): void {
    close();
    retry = setTimeout(open, ms);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(() => source && lookAgainIn(restMs), hiddenGraceMs);
    else if (!source) open();
  });
  addEventListener('online', () => {
    if (!source || failures > 0) open();
  });
  // A page that comes back out of the browser's memory has slept through all of it.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) open();
  });
  open();
}

function show(now: { title: string; state: string }): void {
  const before = headline();
  document.title = now.title;
  // Made by the hub, which escapes whatever people wrote; and the page's policy runs no script in it anyway.
  state.innerHTML = now.state;
  showLocalTimes();
  if (headline() !== before) news.textContent = headline();
}

function headline(): string {
  return state.querySelector('h1')?.textContent ?? '';
}

/** The hub writes UTC, because it does not know better. */
function showLocalTimes(): void {
  const now = new Date();
  for (const time of state.querySelectorAll('time')) {
    const at = new Date(time.dateTime);
    time.textContent = momentText(at, now);
    time.title = wholeMomentText(at);
  }
}

function showLink(kind: Link, heardAt: Date): void {
  link.dataset['state'] = kind;
  const text = link.querySelector('span:last-child');
  if (!text) return;
  text.textContent = kind === 'live' ? 'Live' : `Not connected. As of ${momentText(heardAt, new Date())}`;
}

function required(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}
