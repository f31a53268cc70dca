/** The languages of the pages, and how one is chosen. */

export const languages = ['en', 'de', 'ar'] as const;
export type Language = (typeof languages)[number];
/** English comes with the page's code; translations are loaded. */
export type Translation = Exclude<Language, 'en'>;

/** Each language's name in that language. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
};

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** @param tags the reader's languages, best first, such as `navigator.languages` */
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
 * The language with the reader's region: `en-GB` has a 24-hour clock, `ar-EG` has its own digits.
 * @param tags as for `languageFor`
 */
export function localeFor(language: Language, tags: readonly string[]): string {
  const own = tags.map(partsOf).find((parts) => parts.language === language);
  return own?.region === undefined ? language : `${language}-${own.region}`;
}

/** The tags of an `Accept-Language` header, best first. */
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

/** Longer than any browser's header. */
const headerMax = 1_000;

function partsOf(tag: string): { language: string | undefined; region: string | undefined } {
  const [, language, region] = /^([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?![a-z\d])/i.exec(tag) ?? [];
  return { language: language?.toLowerCase(), region: region?.toUpperCase() };
}
