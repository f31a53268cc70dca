/** HTML built so that no value can become markup: every text is escaped unless `html` made it. */

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `false` and `undefined` render as nothing. */
type Part = string | Html | readonly Html[] | false | undefined;

/** HTML template tag. Its literal parts are trusted; values are safe between tags and in quoted attributes. */
export function html(own: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(own.map((text, i) => text + textOf(values[i])).join(''));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // Readable in the page's source.
  '\u00a0': '&nbsp;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"'\u00a0]/g, (sign) => entities[sign] ?? '');
}

/** Fills the placeholders of a built page, e.g. `<!--title-->`. Unknown comments stay. */
export function filledWith(shell: string, parts: Readonly<Record<string, string | Html>>): string {
  // A function, because `$&` and the like have a meaning in a replacement text.
  return shell.replace(/<!--([a-z-]+)-->/g, (place, name: string) =>
    Object.hasOwn(parts, name) ? textOf(parts[name]) : place,
  );
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'string' ? escaped(part) : part.map(({ text }) => text).join('');
}
