/** HTML put together so that no value can become markup: a text is escaped unless it was made by `html` itself. */

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `false` and `undefined` leave nothing behind. */
type Part = string | Html | readonly Html[] | false | undefined;

/** A template of HTML. Its own text is taken as it is; values are safe between tags and in quoted attributes. */
export function html(own: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(own.map((text, i) => text + textOf(values[i])).join(''));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // To be seen by who reads the page as it was sent.
  '\u00a0': '&nbsp;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"'\u00a0]/g, (sign) => entities[sign] ?? '');
}

/**
 * Puts parts into the places of a page that the build has made, `<!--title-->` and the like. A comment that names none of
 * them stays.
 */
export function filledWith(shell: string, parts: Readonly<Record<string, string | Html>>): string {
  // A function, because in a text `$&` and the like would stand for something.
  return shell.replace(/<!--([a-z-]+)-->/g, (place, name: string) =>
    Object.hasOwn(parts, name) ? textOf(parts[name]) : place,
  );
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'string' ? escaped(part) : part.map(({ text }) => text).join('');
}
