/** Chromium made to lack what any of the oldest browsers in README.md lacks. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright/test';

const dist = join(import.meta.dirname, '../../dist');

/** From now on its pages open as in an old browser. */
export async function makeOld(context: BrowserContext): Promise<void> {
  await context.addInitScript(forgetNewerThings);
  await context.route('**/assets/*.css', async (route) => {
    const sheet = await readFile(join(dist, new URL(route.request().url()).pathname), 'utf8');
    await route.fulfill({ contentType: 'text/css', body: misread(sheet) });
  });
}

/** The style sheet as an old browser parses it. */
function misread(sheet: string): string {
  return sheet
    .replaceAll('@layer', '@unknown-layer')
    .replaceAll('@container', '@unknown-container')
    .replaceAll('container-type:', 'unknown-container-type:')
    .replace(/\b(light-dark|color-mix)\(/g, 'unknown-$1(')
    .replace(/:(has|dir|modal|user-invalid|popover-open)\(/g, ':unknown-$1(')
    .replace(/(\d)([dsl]v[hwib]|cqi|cqw)\b/g, '$1unknown-$2')
    .replace(/overflow:\s*clip/g, 'overflow:unknown-clip')
    .replace(/(text-wrap|field-sizing|content-visibility|overscroll-behavior|accent-color):/g, 'unknown-$1:');
}

/**
 * Runs in the page before its own scripts. Removes what came after iOS 15.0, Chrome 100 or Firefox 102, except
 * `checkVisibility`, which Playwright needs.
 */
function forgetNewerThings(): void {
  const forget = (owner: object | undefined, ...names: readonly string[]) => {
    for (const name of names) if (owner) Reflect.deleteProperty(owner, name);
  };
  const typed = Object.getPrototypeOf(Uint8Array);
  const lists = ['at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with'];
  forget(Array, 'fromAsync');
  forget(Array.prototype, ...lists);
  forget(typed.prototype, ...lists);
  forget(String.prototype, 'at', 'isWellFormed', 'toWellFormed');
  forget(Object, 'groupBy', 'hasOwn');
  forget(Map, 'groupBy');
  forget(Map.prototype, 'getOrInsert', 'getOrInsertComputed');
  forget(Promise, 'withResolvers', 'try');
  forget(RegExp, 'escape');
  forget(RegExp.prototype, 'unicodeSets');
  forget(Error, 'isError');
  forget(Math, 'f16round', 'sumPrecise');
  forget(Set.prototype, 'union', 'intersection', 'difference', 'symmetricDifference');
  forget(Set.prototype, 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom');
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  forget(iterators, 'map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some');
  forget(iterators, 'every', 'find');
  forget(Intl, 'DurationFormat', 'Segmenter', 'supportedValuesOf');
  forget(Intl.NumberFormat.prototype, 'formatRange', 'formatRangeToParts');
  forget(Intl.Locale.prototype, 'getWeekInfo', 'getTextInfo', 'weekInfo', 'textInfo');
  forget(Uint8Array, 'fromBase64', 'fromHex');
  forget(ArrayBuffer.prototype, 'resize', 'transfer', 'transferToFixedLength');
  forget(AbortSignal, 'any', 'timeout', 'abort');
  forget(AbortSignal.prototype, 'throwIfAborted');
  forget(URL, 'canParse', 'parse');
  forget(Response, 'json');
  forget(Crypto.prototype, 'randomUUID');
  forget(HTMLFormElement.prototype, 'requestSubmit');
  forget(HTMLDialogElement.prototype, 'show', 'showModal', 'close', 'requestClose');
  forget(HTMLElement.prototype, 'inert', 'popover', 'showPopover', 'hidePopover', 'togglePopover');
  forget(Element.prototype, 'setHTMLUnsafe', 'getHTML', 'moveBefore');
  forget(Document.prototype, 'startViewTransition', 'adoptedStyleSheets');
  forget(Navigator.prototype, 'locks', 'wakeLock', 'userAgentData', 'connection', 'scheduling');
  forget(CSS, 'highlights', 'registerProperty');
  const gone = ['Iterator', 'Temporal', 'structuredClone', 'BroadcastChannel', 'SharedWorker', 'scheduler'];
  forget(globalThis, ...gone, 'requestIdleCallback', 'cancelIdleCallback', 'ViewTransition', 'navigation');
  forget(globalThis, 'CompressionStream', 'DecompressionStream', 'OffscreenCanvas', 'onscrollend');
  const OwnWorker = Worker;
  Object.assign(globalThis, {
    Worker: class extends OwnWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        if (options?.type === 'module') throw new TypeError('This browser has no workers that are modules.');
        super(url, options);
      }
    },
  });
}
