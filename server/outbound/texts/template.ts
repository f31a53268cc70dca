/**
 * A shop's own words for a message: plain text with placeholders, such as `{customer}`. It is parsed when it is kept, so
 * that a mistake is told to the shop and not to its customers.
 *
 * What is missing when it is filled takes its sentence along, or only the round or square brackets that it stands in:
 * no customer reads `undefined`, `()` or `{phone}`.
 */

import { lineProblem, textProblem } from '../../../protocol/characters.ts';

export const placeholders = ['customer', 'shop', 'order', 'window', 'link', 'reason', 'phone'] as const;
export type Placeholder = (typeof placeholders)[number];

export const templateTextMax = 500;
export const templateSubjectMax = 100;

/** As a shop writes it. */
export interface TemplateSource {
  /** Of mails; the hub's own if absent or empty. */
  readonly subject?: string | undefined;
  readonly text: string;
}

/** A checked template. */
export interface Template {
  readonly subject: TemplateLine | undefined;
  readonly lines: readonly TemplateLine[];
}

/** Sentences, in each of which a placeholder stands as `{name}`. */
export type TemplateLine = readonly string[];

export interface TemplateProblem {
  readonly field: 'subject' | 'text';
  readonly code: 'empty' | 'too-long' | 'unknown-placeholder' | 'stray-brace' | 'bad-character';
  /** A sentence for the shop, in English. */
  readonly message: string;
  /** The placeholders that nobody knows. */
  readonly names?: readonly string[];
}

export type TemplateResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] };

export function parseTemplate({ subject = '', text }: TemplateSource): TemplateResult {
  const problems = [
    ...problemsIn('subject', subject, templateSubjectMax),
    ...(isBlank(text) ? [problem('text', 'empty', 'The text is empty.')] : []),
    ...problemsIn('text', text, templateTextMax),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    template: {
      subject: isBlank(subject) ? undefined : sentencesIn(subject),
      lines: text.trim().split(/\r?\n/).map(sentencesIn),
    },
  };
}

// ---- checking ----

function problemsIn(field: TemplateProblem['field'], text: string, max: number): TemplateProblem[] {
  const what = field === 'subject' ? 'The subject' : 'The text';
  if (text.length > max) {
    const length = `${text.length} characters; ${max} are the limit.`;
    return [problem(field, 'too-long', `${what} has ${length}`)];
  }
  if (isBlank(text)) return [];
  const character = (field === 'subject' ? lineProblem : textProblem)(text.trim());
  const unknown = [...new Set(namesIn(text).filter((name) => !isPlaceholder(name)))];
  const known = placeholders.map(braced).join(', ');
  const names = unknown.map(braced).join(', ');
  const stray = text.replaceAll(anyPlaceholder, '').match(/[{}]/)?.[0];
  return [
    ...(character === undefined ? [] : [problem(field, 'bad-character', `${what} ${lowered(character)}.`)]),
    ...(unknown.length === 0
      ? []
      : [
          {
            ...problem(field, 'unknown-placeholder', `${what} has ${names}. Known are ${known}.`),
            names: unknown,
          },
        ]),
    ...(stray === undefined
      ? []
      : [problem(field, 'stray-brace', `${what} has a "${stray}" that belongs to no placeholder.`)]),
  ];
}

const anyPlaceholder = /\{([^{}]*)\}/g;

function namesIn(text: string): string[] {
  return Array.from(text.matchAll(anyPlaceholder), ([, name = '']) => name.trim().toLowerCase());
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((one) => one === name);
}

function problem(
  field: TemplateProblem['field'],
  code: TemplateProblem['code'],
  message: string,
): TemplateProblem {
  return { field, code, message };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

function braced(name: string): string {
  return `{${name}}`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

// ---- taking apart ----

/** Words whose point ends no sentence. */
const abbreviation = /(?:^|\s)(?:tel|tél|nr|no|ph|fon|mob|str|ca|mr|mrs|ms|dr|bzw|z\.\s?b|d\.\s?h)\.$/iu;

function sentencesIn(line: string): TemplateLine {
  const clean = line
    .trim()
    .replaceAll(anyPlaceholder, (_, name: string) => braced(name.trim().toLowerCase()));
  const sentences: string[] = [];
  for (const part of clean.split(/(?<=[.!?؟…]["'”»)\]]*)\s+(?!\p{Ll})/u)) {
    const last = sentences.at(-1);
    if (last !== undefined && abbreviation.test(last)) sentences[sentences.length - 1] = `${last} ${part}`;
    else sentences.push(part);
  }
  return sentences;
}

// ---- filling ----

export type TemplateValues = Readonly<Record<Placeholder, string | undefined>>;

/** A text, or an address that stands for itself. */
export type Piece = string | { readonly link: string };

/** @returns the pieces of each line; none if every sentence lacked something */
export function fillTemplate({ lines }: Template, values: TemplateValues): Piece[][] {
  const filled: Piece[][] = [];
  for (const line of lines) {
    const pieces = fillLine(line, values);
    const isGap = isBlank(line.join('')) && filled.length > 0 && filled.at(-1)?.length !== 0;
    if (pieces.length > 0 || isGap) filled.push(pieces);
  }
  while (filled.at(-1)?.length === 0) filled.pop();
  return filled;
}

/** @returns undefined if a value is missing */
export function fillSubject({ subject }: Template, values: TemplateValues): string | undefined {
  const pieces = fillLine(subject ?? [], values);
  return pieces.length === 0 ? undefined : plainText(pieces);
}

export function plainText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.link)).join('');
}

function fillLine(line: TemplateLine, values: TemplateValues): Piece[] {
  const isMissing = (text: string) =>
    namesIn(text).some((name) => isPlaceholder(name) && values[name] === undefined);
  const left = line
    .map((sentence) =>
      sentence
        .replaceAll(/\s*(?:\([^()]*\)|\[[^[\]]*\])/g, (group) => (isMissing(group) ? '' : group))
        .trim(),
    )
    .filter((sentence) => sentence !== '' && !isMissing(sentence))
    .join(' ');
  return left.split(/(\{[a-z]+\})/).flatMap((part): Piece[] => {
    const name = /^\{([a-z]+)\}$/.exec(part)?.[1];
    if (name === undefined || !isPlaceholder(name)) return part === '' ? [] : [part];
    const value = values[name] ?? '';
    return name === 'link' ? [{ link: value }] : [value];
  });
}
