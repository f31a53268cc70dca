/** Formats numbers and lists in a language, and builds messages. */

/**
 * A whole text for each plural form of a language, with `#` in place of the number. English has `one` and `other`;
 * Arabic has all six forms.
 */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export interface Formats {
  /** `en`, `de-AT` */
  readonly locale: string;
  /** `12,408` */
  count(n: number): string;
  /** `12408`: a number that is a name, such as that of a line. */
  digits(n: number): string;
  /** `0.4` */
  tenths(n: number): string;
  /** The text for this number. */
  plural(n: number, forms: PluralForms): string;
  /** `red, green and blue` */
  list(items: readonly string[]): string;
}

/** The texts of one file in one language. */
export type Messages<W> = (formats: Formats) => W;

export function formatsOf(locale: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const rules = new Intl.PluralRules(locale);
  // Created on demand, because few pages need them.
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

/** A sentence with parts that are no plain text, such as React elements or HTML. */
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

/** Isolates a name or foreign word in a plain text, so that its direction does not affect the text around it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
