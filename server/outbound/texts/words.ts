/** The words of messages in each language. */

import { messages as ar } from '../../../web/words/ar/customer-news.ts';
import { messages as arTrack } from '../../../web/words/ar/track.ts';
import { messages as de } from '../../../web/words/de/customer-news.ts';
import { messages as deTrack } from '../../../web/words/de/track.ts';
import { messages as en, type Words } from '../../../web/words/en/customer-news.ts';
import { messages as enTrack, type Words as TrackWords } from '../../../web/words/en/track.ts';
import { formatsOf } from '../../../web/words/formats.ts';
import type { Language } from '../../../web/words/language.ts';

export interface NewsWords {
  readonly own: Words;
  /** Those of the customer's page, which says some of the same. */
  readonly track: TrackWords;
  /** English in the British form, as on the customer's page. */
  readonly locale: string;
}

const all: Readonly<Record<Language, NewsWords>> = {
  en: { own: en(), track: enTrack(formatsOf('en')), locale: 'en-GB' },
  de: { own: de(), track: deTrack(formatsOf('de')), locale: 'de' },
  ar: { own: ar(), track: arTrack(formatsOf('ar')), locale: 'ar' },
};

export function newsWords(language: Language): NewsWords {
  return all[language];
}
