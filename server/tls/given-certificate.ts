/** A certificate in files of the operator's, which are read again when they change. */

import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { checkPair, lifeLeft, type Pair, validityOf } from './pairs.ts';

/** Whoever writes them writes two files, one after the other. */
const settledMs = 1_000;
/** Some file systems tell of no change. */
const lookEveryMs = 600_000;
/** When nobody has renewed it by then, something is wrong: three weeks of ninety days. */
const lateLeft = 1 / 4;

export interface GivenCertificateOptions {
  readonly files: { readonly cert: string; readonly key: string };
  /** As the files were when the settings were read. */
  readonly pair: Pair;
  readonly clock: Clock;
  readonly tell: (words: string) => void;
}

export class GivenCertificate {
  readonly #options: GivenCertificateOptions;
  readonly #watchers: FSWatcher[] = [];
  #pair: Pair;
  /** Why the files are not used as they are now. */
  #why: string | undefined;
  #onChange: () => void = () => {};
  #cancelRead = () => {};
  #cancelLook = () => {};

  constructor(options: GivenCertificateOptions) {
    this.#options = options;
    this.#pair = options.pair;
    const { cert, key } = options.files;
    for (const folder of new Set([dirname(cert), dirname(key)])) this.#watch(folder);
    this.#look();
  }

  get pair(): Pair {
    return this.#pair;
  }

  /** What a person has to know; undefined if nothing. */
  get fault(): string | undefined {
    const validity = validityOf(this.#pair);
    const day = new Date(validity.until).toISOString().slice(0, 10);
    const { cert } = this.#options.files;
    const why = this.#why;
    const now = this.#options.clock.now();
    if (this.isExpired) return `The certificate ${cert} has expired on ${day}: ${why ?? 'renew it'}.`;
    if (why !== undefined) return `${why}. The hub goes on with the certificate of before, until ${day}.`;
    return lifeLeft(validity, now) < lateLeft
      ? `The certificate ${cert} expires on ${day}, and has not been renewed.`
      : undefined;
  }

  get isExpired(): boolean {
    return this.#options.clock.now() >= validityOf(this.#pair).until;
  }

  /** @param run called when there is another certificate */
  onChange(run: () => void): void {
    this.#onChange = run;
  }

  close(): void {
    this.#cancelRead();
    this.#cancelLook();
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        this.#cancelRead();
        this.#cancelRead = this.#options.clock.after(settledMs, () => this.#read());
      });
      // The look is enough.
      watcher.on('error', () => watcher.close());
      this.#watchers.push(watcher);
    } catch {
      // As above.
    }
  }

  #look(): void {
    this.#read();
    this.#cancelLook = this.#options.clock.after(lookEveryMs, () => this.#look());
  }

  #read(): void {
    const { files, tell } = this.#options;
    try {
      const pair = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
      const isOther = pair.cert !== this.#pair.cert || pair.key !== this.#pair.key;
      if (isOther) {
        checkPair(pair);
        this.#pair = pair;
        tell(`The certificate ${files.cert} has changed; from now on the hub uses it.`);
        this.#onChange();
      }
      this.#why = undefined;
    } catch (error) {
      this.#why = `CAPS_TLS_CERT ${files.cert} and CAPS_TLS_KEY ${files.key} cannot be used as they are now (${reasonOf(error)})`;
    }
  }
}

/** OpenSSL's messages say little, and nothing may quote a key. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (!('code' in error)) return error.message;
  return String(error.code).startsWith('ERR_OSSL') ? 'they are not in PEM' : String(error.code);
}
