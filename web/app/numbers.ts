const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `12,408` */
export function count(n: number): string {
  return whole.format(n);
}

/** `2,014/s`, and `0.4/s` where it is slow */
export function perSecond(n: number): string {
  return `${(n < 10 ? oneDigit : whole).format(n)}/s`;
}

/** `now`, `12 s`, `4 min`, `3 h`, `2 d` */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** A whole sentence for each of a language's plurals, with `#` where the number stands. English has these two. */
export interface Plurals {
  readonly one: string;
  readonly other: string;
}

const plurals = new Intl.PluralRules('en');

/** The sentence that goes with this number. */
export function counted(n: number, sentences: Plurals): string {
  const sentence = plurals.select(n) === 'one' ? sentences.one : sentences.other;
  return sentence.replace('#', count(n));
}

/** `1 event`, `214 events` */
export function events(n: number): string {
  return counted(n, { one: '# event', other: '# events' });
}
