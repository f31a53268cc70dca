/**
 * The language that this page speaks. It is set once, before anything is drawn: another one takes a reload. So words
 * are asked for when something is drawn, `shared().close`, and never kept in a constant of a module.
 */

import { type Formats, formatsOf, type Messages } from './formats.ts';
import type { Language, Translation } from './language.ts';

let language: Language = 'en';
let formats = formatsOf('en');
/** Loads the words of modules that came since words were loaded last. */
const owed = new Set<() => Promise<void>>();

export function pageFormats(): Formats {
  return formats;
}

/** @param locale the language as it is written where the reader lives */
export function speak(chosen: Language, locale: string): void {
  language = chosen;
  formats = formatsOf(locale);
}

/** Each language's file of the same words, loaded when it is the page's. */
type Translations<W> = Readonly<Record<Translation, () => Promise<{ messages: Messages<W> }>>>;

/** @returns what gives the words in the page's language; in English until that one is loaded */
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
 * To be awaited after code was loaded and before it is drawn. English is there already. What cannot be loaded, because the
 * hub is away, is drawn in English and tried again with the next.
 * @returns whether all of them have come; never rejects
 */
export async function loadWords(): Promise<boolean> {
  const loads = Array.from(owed, async (load) => {
    await load();
    owed.delete(load);
  });
  return (await Promise.allSettled(loads)).every(({ status }) => status === 'fulfilled');
}
