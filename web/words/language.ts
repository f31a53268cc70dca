/** The languages that pages speak, and which of them somebody gets. */

export const languages = ['en', 'de', 'ar'] as const;
export type Language = (typeof languages)[number];
/** English is the source: it comes with the page's code, the others are loaded. */
export type Translation = Exclude<Language, 'en'>;

/** Each by its own name, for those who read no other. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
};

/** Which way a page of this language runs. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** @param tags what somebody reads, the best first: `navigator.languages`, say */
export function languageFor(tags: readonly string[]): Language {
  for (const tag of tags) {
    const known = knownLanguage(partsOf(tag).language);
    if (known) return known;
  }
  return 'en';
}

export function knownLanguage(name: string | undefined): Language | undefined {
  return languages.find((language) => language === name);
}

/**
 * The language as it is written where somebody lives: `en-GB` counts hours to 24, `ar-EG` has digits of its own.
 * @param tags as for `languageFor`
 */
export function localeFor(language: Language, tags: readonly string[]): string {
  const own = tags.map(partsOf).find((parts) => parts.language === language);
  return own?.region === undefined ? language : `${language}-${own.region}`;
}

/** The tags of an `Accept-Language`, the best first. */
export function acceptedTags(header: string | undefined): string[] {
  const ranges = (header ?? '').slice(0, headerMax).split(',');
  return ranges
    .map((range) => {
      const [tag = '', ...params] = range.split(';').map((part) => part.trim());
      const quality = params.find((param) => param.startsWith('q='))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** Longer than any browser's. */
const headerMax = 1_000;

function partsOf(tag: string): { language: string | undefined; region: string | undefined } {
  const [, language, region] = /^([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?![a-z\d])/i.exec(tag) ?? [];
  return { language: language?.toLowerCase(), region: region?.toUpperCase() };
}
