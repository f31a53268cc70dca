/**
 * Keeps the customer's page true while it is open. The page came complete from the hub; from here on the hub sends
 * each later state as the same piece of HTML, ready to be put in its place.
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
/** The hub is heard of every 15 s at least; after twice that and some the connection is dead without saying so. */
const silenceMaxMs = 40_000;
/** A page that nobody looks at only looks in now and then: it costs the phone and the hub less. */
const restMs = 60_000;
const hiddenGraceMs = 10_000;

const state = required('state');
const news = required('news');
const link = required('link');
const tryNow = required('try-now');
const language = knownLanguage(document.documentElement.lang) ?? 'en';
const words = linkWordsOf(link.dataset['words'] ?? '{}');
const moments = momentsIn(language, (day, time) => words.say('onDay', { day, time }), navigator.languages);
/** Whether the hub was reached since the page came from it. */
let wasOpen = false;
const announcer = new Announcer();
announcer.subscribe(() => {
  news.textContent = announcer.get();
});
required('refresh').addEventListener('click', () => location.reload());

applyTheme(savedTheme());
showLocalTimes();
// The page for a link that leads nowhere has no order, and nothing to follow.
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
  // A page that comes back out of the browser's memory has slept through all of it.
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
  // Made by the hub, which escapes whatever people wrote; and the page's policy runs no script in it anyway.
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

/** The hub writes UTC, because it does not know better. */
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

/** The hub may have been upgraded since the page last heard of it, however short that was; in a pocket it can wait. */
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
