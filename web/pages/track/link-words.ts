/** Texts of the connection badge. The hub puts them into the page, in the page's language. */

type LinkWord = 'connecting' | 'live' | 'back' | 'offline' | 'lost' | 'onDay';

export interface LinkWords {
  /** @param parts texts for the placeholders, by name */
  say(name: LinkWord, parts?: Readonly<Record<string, string>>): string;
}

/** @param text JSON from the page */
export function linkWordsOf(text: string): LinkWords {
  const words = JSON.parse(text) as Readonly<Record<LinkWord, string>>;
  return {
    say: (name, parts = {}) => words[name].replace(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? ''),
  };
}
