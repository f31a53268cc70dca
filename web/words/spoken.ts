/**
 * The language of this page. It is set once, before the first render; changing it takes a reload. Call the words when you
 * render (`shared().close`); a module's constant would be made before the language is known.
 */

import { type Formats, formatsOf, type Messages } from './formats.ts';
import type { Language, Translation } from './language.ts';

let language: Language = 'en';
let formats = formatsOf('en');
/** Loaders of words that are not loaded yet. */
const owed = new Set<() => Promise<void>>();

export function pageFormats(): Formats {
  return formats;
}

/** @param locale the language with the reader's region */
export function speak(chosen: Language, locale: string): void {
  language = chosen;
  formats = formatsOf(locale);
}

/** Loads the translations of a file of words. */
type Translations<W> = Readonly<Record<Translation, () => Promise<{ messages: Messages<W> }>>>;

/** @returns a function that returns the words in the page's language, or in English until they are loaded */
export function wordsOf<W>(english: Messages<W>, translations: Translations<W>): () => W {
  let words: W | undefined;
  owed.add(async () => {
    if (language === 'en') return;
    const { messages } = await translations[language]();
    words = messages(formats);
  });
  return () => {
    words ??= english(formats);
    return words;
  };
}

/**
 * Loads the words of all code loaded so far. Await it between loading code and rendering it. Words that cannot be loaded
 * stay in English, and the next call tries again.
 * @returns whether all words are loaded; never rejects
 */
export async function loadWords(): Promise<boolean> {
  const loads = Array.from(owed, async (load) => {
    await load();
    owed.delete(load);
  });
  return (await Promise.allSettled(loads)).every(({ status }) => status === 'fulfilled');
}
