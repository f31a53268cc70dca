/** Command-line options: parsed and checked once, or refused in one line. */

import { parseArgs } from 'node:util';
import { idProblem, isVisible, lineProblem, textProblem } from '../protocol/characters.ts';
import { keyIn } from '../protocol/keys.ts';
import { limits } from '../protocol/limits.ts';

/** Invalid options. The message says what is wrong in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Option<T> {
  /** Name of its value in the help; undefined for a flag. */
  readonly takes?: string;
  readonly about: string;
  /**
   * @param given undefined: the option is absent
   * @throws UsageError whose message follows the option's name
   */
  readonly read: (given: string | undefined) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<O extends Options> = { readonly [K in keyof O]: ReturnType<O[K]['read']> };

// ---- kinds of options, undefined if absent ----

export function flag(about: string): Option<boolean> {
  return { about, read: (given) => given !== undefined };
}

export function text(takes: string, about: string) {
  return option(takes, about, (given) => {
    if (!isVisible(given) || given.length > limits.stringLength) {
      throw new UsageError(`takes 1 to ${limits.stringLength} characters.`);
    }
    const problem = textProblem(given);
    if (problem === undefined) return given;
    throw new UsageError(`takes what can be read; this ${problem}.`);
  });
}

/** A person's name. */
export function name(takes: string, about: string) {
  return option(takes, about, (given) => {
    const limit = `takes 1 to ${limits.nameLength} characters`;
    if (given === '' || given.length > limits.nameLength) throw new UsageError(`${limit}.`);
    const problem = lineProblem(given);
    if (problem === undefined) return given;
    throw new UsageError(`${limit}; this one ${problem}.`);
  });
}

/** An id of a store, a driver or an order. */
export function id(takes: string, about: string) {
  return option(takes, about, (given) => {
    const problem = idProblem(given);
    if (problem === undefined) return given;
    throw new UsageError(`takes 1 to ${limits.idLength} characters; this one ${problem}.`);
  });
}

export function number(takes: string, about: string, least: number, most: number, isWhole: boolean) {
  return option(takes, about, (given) => {
    const value = given.trim() === '' ? Number.NaN : Number(given);
    if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
      const kind = isWhole ? 'a whole number' : 'a number';
      throw new UsageError(`takes ${kind} from ${least} to ${most}, not "${given}".`);
    }
    return value;
  });
}

export function option<T>(takes: string, about: string, read: (given: string) => T): Option<T | undefined> {
  return { takes, about, read: (given) => (given === undefined ? undefined : read(given)) };
}

// ---- what every program takes ----

const usualUrl = 'http://localhost:3000';

export const commonOptions = {
  url: {
    takes: 'address',
    about: `the hub’s address; ${usualUrl} if not given`,
    read: (given: string = usualUrl) => {
      const url = URL.canParse(given) ? new URL(given) : undefined;
      if (url && /^https?:$/.test(url.protocol)) return url.origin;
      throw new UsageError(`takes an address like ${usualUrl}, not "${given}".`);
    },
  },
  tcp: option('host:port', 'use the hub’s TCP port, e.g. localhost:4000', (given) => {
    const [, host, port] = /^(?:tcp:\/\/)?\[?([^[\]/\s]+?)\]?:(\d{1,5})$/.exec(given) ?? [];
    if (host && Number(port) > 0 && Number(port) <= 65_535) return { host, port: Number(port) };
    throw new UsageError(`takes a host and a port like localhost:4000, not "${given}".`);
  }),
  name: name('name', 'the name that others see'),
  key: option('key', 'the access key, or a link with it, if the hub needs one', (given) => {
    const key = keyIn(given);
    if (key !== undefined) return key;
    throw new UsageError('takes an access key, like ven_…');
  }),
  json: flag('print only JSON, one object per line'),
  help: flag('show this help'),
} as const;

// ---- reading and explaining ----

/** @throws UsageError */
export function readOptions<O extends Options>(options: O, args: readonly string[]): Values<O> {
  const known = Object.entries(options);
  const given = parsed(known, args);
  const values = known.map(([name, { read }]) => {
    const value = given[name];
    try {
      return [name, read(typeof value === 'string' || value === undefined ? value : '')];
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`--${name} ${error.message}`) : error;
    }
  });
  return Object.fromEntries(values) as Values<O>;
}

function parsed(known: [string, Option<unknown>][], args: readonly string[]): Record<string, unknown> {
  const options = known.map(([name, { takes }]) => [name, { type: takes ? 'string' : 'boolean' } as const]);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(options), strict: true }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first sentence says what is wrong; the others guess what was meant.
    const [what = ''] = error.message.split(/\.?\s*\n|\. /);
    throw new UsageError(`${what}.`);
  }
}

/** @param examples possible arguments */
export function helpOf(
  program: string,
  about: string,
  options: Options,
  examples: readonly string[],
): string {
  const rows = Object.entries(options).map(([name, { takes, about }]) => {
    return [takes ? `--${name} <${takes}>` : `--${name}`, about] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `Usage: npm run ${program} -- [options]`,
    '',
    about,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    '',
    'Examples:',
    ...examples.map((example) => `  npm run ${program}${example && ` -- ${example}`}`),
    '',
    'npm prints two lines of its own before all else; npm run --silent does not.',
    '',
  ].join('\n');
}
