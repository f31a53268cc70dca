/** Numbers, lists and dates as a language writes them, and the parts that its messages are made of. */

/**
 * A whole text for each of a language's plurals, with `#` where the number stands. English has `one` and `other`;
 * Arabic has all six.
 */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export interface Formats {
  /** `en`, `de-AT` */
  readonly locale: string;
  /** `12,408` */
  count(n: number): string;
  /** `12408`: of what has a number for a name, as a line does. */
  digits(n: number): string;
  /** `0.4` */
  tenths(n: number): string;
  /** The text that goes with this number. */
  plural(n: number, forms: PluralForms): string;
  /** `red, green and blue` */
  list(items: readonly string[]): string;
}

/** The texts of one file, in one language. */
export type Messages<W> = (formats: Formats) => W;

export function formatsOf(locale: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const rules = new Intl.PluralRules(locale);
  // Few pages need these.
  let lists: Intl.ListFormat | undefined;
  let ungrouped: Intl.NumberFormat | undefined;
  const count = (n: number) => whole.format(n);
  return {
    locale,
    count,
    digits(n) {
      ungrouped ??= new Intl.NumberFormat(locale, { maximumFractionDigits: 0, useGrouping: false });
      return ungrouped.format(n);
    },
    tenths: (n) => oneDigit.format(n),
    plural: (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', count(n)),
    list(items) {
      lists ??= new Intl.ListFormat(locale, { type: 'conjunction' });
      return lists.format(items);
    },
  };
}

/** A sentence with parts in it that are no plain text: an element of React's, or HTML. */
export type Phrase<T> = readonly (string | T)[];

/** Makes a `Phrase`: phrase`Back to ${store}`. */
export function phrase<P extends readonly unknown[]>(
  texts: TemplateStringsArray,
  ...parts: P
): Phrase<P[number]> {
  return texts.flatMap((text, i): (string | P[number])[] => {
    const part = parts[i];
    return part === undefined ? [text] : [text, part];
  });
}

/** A name or a word of another language within a plain text, which keeps the order of the text around it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
