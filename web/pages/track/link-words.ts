/** What the page says by itself, in the language in which the hub has written it. It comes with the page. */

type LinkWord = 'connecting' | 'live' | 'back' | 'offline' | 'lost' | 'onDay';

export interface LinkWords {
  /** @param parts texts, by the names that the words have for them */
  say(name: LinkWord, parts?: Readonly<Record<string, string>>): string;
}

/** @param text as the hub has put it into the page */
export function linkWordsOf(text: string): LinkWords {
  const words = JSON.parse(text) as Readonly<Record<LinkWord, string>>;
  return {
    say: (name, parts = {}) => words[name].replace(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? ''),
  };
}
