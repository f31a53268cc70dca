import { describe, expect, it } from 'vitest';
import { acceptedTags, languageFor, localeFor } from './language.ts';

describe('the language of a page', () => {
  it.each([
    [['de-DE', 'en'], 'de'],
    [['fr', 'ar-EG'], 'ar'],
    [['DE'], 'de'],
    [['deu', 'nds'], 'en'],
    [[], 'en'],
  ])('for %j is %s', (tags, language) => expect(languageFor(tags)).toBe(language));
});

describe('its locale', () => {
  it.each([
    ['en', ['en-GB'], 'en-GB'],
    ['ar', ['en-US', 'ar-eg'], 'ar-EG'],
    ['de', ['de', 'de-AT'], 'de'],
    ['de', ['en-US'], 'de'],
    ['ar', ['ar-Arab-SA-u-nu-latn'], 'ar-SA'],
  ] as const)('of %s for %j is %s', (language, tags, locale) => {
    expect(localeFor(language, tags)).toBe(locale);
  });
});

it('reads Accept-Language with the best tag first, and takes any header', () => {
  expect(acceptedTags('en;q=0.5, de-AT ;q=0.9,ar;q=0,fr')).toEqual(['fr', 'de-AT', 'en']);
  expect(acceptedTags(undefined)).toEqual([]);
  expect(acceptedTags(',;q=1,;')).toEqual([]);
});
