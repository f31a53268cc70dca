/** Chooses the language of the customer's page. */

import type { IncomingMessage } from 'node:http';
import type { Status } from '../../../protocol/events.ts';
import { messages as arShared } from '../../../web/words/ar/shared.ts';
import { messages as ar } from '../../../web/words/ar/track.ts';
import { messages as deShared } from '../../../web/words/de/shared.ts';
import { messages as de } from '../../../web/words/de/track.ts';
import { messages as enShared } from '../../../web/words/en/shared.ts';
import { messages as en, type Words } from '../../../web/words/en/track.ts';
import { formatsOf } from '../../../web/words/formats.ts';
import {
  acceptedTags,
  knownLanguage,
  type Language,
  languageFor,
  localeFor,
} from '../../../web/words/language.ts';

export interface PageWords {
  readonly language: Language;
  /** Formats times; English in the British form, as on the page. */
  readonly dates: Intl.DateTimeFormat;
  readonly words: Words;
  readonly status: Readonly<Record<Status, string>>;
}

const messages = {
  en: { track: en, shared: enShared },
  de: { track: de, shared: deShared },
  ar: { track: ar, shared: arShared },
};
/** Cached by locale. Few exist, but anybody may ask for any. */
const known = new Map<string, PageWords>();
const knownMax = 100;

/** The page's own parameter, fixed while it is open, takes precedence over the browser's languages. */
export function wordsFor({ url = '', headers }: IncomingMessage): PageWords {
  const tags = acceptedTags(headers['accept-language']);
  const asked = knownLanguage(/[?&]language=([a-z]+)/.exec(url)?.[1]);
  const language = asked ?? languageFor(tags);
  return wordsOf(language, localeFor(language, tags));
}

/** @param locale the language with its region */
export function wordsOf(language: Language, locale: string = language): PageWords {
  const made = known.get(locale);
  if (made) return made;
  const formats = formatsOf(locale);
  const { track, shared } = messages[language];
  const dates = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : locale, {
    ...{ timeZone: 'UTC', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  });
  const fresh: PageWords = { language, dates, words: track(formats), status: shared(formats).status };
  if (known.size >= knownMax) known.clear();
  known.set(locale, fresh);
  return fresh;
}
