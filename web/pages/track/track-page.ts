/**
 * Keeps the customer's page up to date. The hub renders the page, and sends each later state as HTML that replaces the
 * previous one.
 */

import '../../styles.css';
import './track-page.css';
import { Announcer } from '../../app/announcer.ts';
import { isNewBuild } from '../../app/build.ts';
import { applyTheme, savedTheme } from '../../app/theme.ts';
import { knownLanguage } from '../../words/language.ts';
import { LinkBadge, type LinkKind } from './link-badge.ts';
import { linkWordsOf } from './link-words.ts';
import { momentsIn } from './moments.ts';
import { openWire, type TrackState } from './wire.ts';

const retryMinMs = 500;
const retryMaxMs = 10_000;
/** The hub sends something every 15 s. After a longer silence the connection is dead. */
const silenceMaxMs = 40_000;
/** A hidden page polls instead of staying connected, to save battery and connections. */
const restMs = 60_000;
const hiddenGraceMs = 10_000;

const state = required('state');
const news = required('news');
const link = required('link');
const tryNow = required('try-now');
const language = knownLanguage(document.documentElement.lang) ?? 'en';
const words = linkWordsOf(link.dataset['words'] ?? '{}');
const moments = momentsIn(language, (day, time) => words.say('onDay', { day, time }), navigator.languages);
/** Whether the page has been connected before. */
let wasOpen = false;
const announcer = new Announcer();
announcer.subscribe(() => {
  news.textContent = announcer.get();
});
required('refresh').addEventListener('click', () => location.reload());

applyTheme(savedTheme());
showLocalTimes();
// The page for an unknown link has no status to follow.
const [, token] = /^\/track\/([\w-]+)/i.exec(location.pathname) ?? [];
if (token !== undefined && state.querySelector('[data-status]'))
  follow(`/track/${token}/live?language=${language}`);

function follow(path: string): void {
  let closeWire: (() => void) | undefined;
  let failures = 0;
  const badge = new LinkBadge(showLink, words, moments);
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    close();
    badge.trying();
    let isNew = true;
    closeWire = openWire(path, {
      onState(now) {
        if (isNew) void lookForNewVersion();
        isNew = false;
        heard();
        show(now);
        if (document.hidden) lookAgainIn(restMs);
      },
      onBeat() {
        heard();
        showLocalTimes();
      },
      onLost: lost,
    });
  }

  function close(): void {
    clearTimeout(retry);
    clearTimeout(silence);
    closeWire?.();
    closeWire = undefined;
  }

  function heard(): void {
    failures = 0;
    badge.heard();
    clearTimeout(silence);
    silence = setTimeout(lost, silenceMaxMs);
  }

  function lost(): void {
    const delay = Math.min(retryMaxMs, retryMinMs * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    badge.failed(delay);
    lookAgainIn(delay);
  }

  function lookAgainIn(ms: number): void {
    close();
    retry = setTimeout(open, ms);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(() => closeWire && lookAgainIn(restMs), hiddenGraceMs);
    else if (!closeWire) open();
  });
  addEventListener('online', () => {
    if (!closeWire || failures > 0) open();
  });
  // A page restored from the back/forward cache has missed everything since.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) open();
  });
  tryNow.addEventListener('click', open);
  open();
}

function show(now: TrackState): void {
  const before = headline();
  const wasLate = isLate();
  document.title = now.title;
  // Safe: the hub escapes user input, and the page's CSP runs no inline scripts.
  state.innerHTML = now.state;
  showLocalTimes();
  if (headline() !== before) announcer.say('headline', () => `${headline()}.`);
  if (isLate() && !wasLate) announcer.say('late', () => state.querySelector('.when')?.textContent ?? '');
}

function headline(): string {
  return state.querySelector('h1')?.textContent.replace(/\u00a0/g, ' ') ?? '';
}

function isLate(): boolean {
  return state.querySelector('.late') !== null;
}

/** Replaces the hub's UTC times by local ones. */
function showLocalTimes(): void {
  const now = new Date();
  for (const time of state.querySelectorAll('time')) {
    const at = new Date(time.dateTime);
    time.textContent = moments.text(at, now);
    time.title = moments.whole(at);
  }
}

function showLink(kind: LinkKind, said: string): void {
  link.dataset['state'] = kind;
  tryNow.hidden = kind !== 'lost';
  const text = link.querySelector('span:last-child');
  if (text) text.textContent = said;
}

/** Looks for a newer build after a reconnect, unless the page is hidden. */
async function lookForNewVersion(): Promise<void> {
  const isLatest = !wasOpen;
  wasOpen = true;
  if (isLatest || document.hidden) return;
  required('new-version').hidden = !(await isNewBuild());
}

function required(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}
