/**
 * The one way out for what the process says: its greeting, its log and the events. Whoever reads it may read slowly,
 * stand still (`npm start | less`) or be gone (`| head`), and the hub goes on working.
 */

import type { Writable } from 'node:stream';
import { escapeUnseenInJson } from '../../protocol/characters.ts';

/**
 * A line of the log, with nothing in it that a terminal obeys or nobody sees.
 * @param json as pino writes it @param asText makes words of it for people; undefined: it stays JSON
 */
export function logLine(json: string, asText: ((json: string) => string) | undefined): string {
  const line = escapeUnseenInJson(json);
  if (!asText) return line;
  // What JSON escapes would be itself again in the words. Lines stay: a stack has several.
  return asText(
    line.replace(/\\(\\|u[\da-f]{4}|[bfrt])/g, (sign, what) => (what === '\\' ? sign : `\\\\${what}`)),
  );
}

/** Log lines on their way, in characters. What comes when so much waits is left out, and that is said. */
const linesSizeMax = 1024 * 1024;

export class ProcessOutput {
  readonly colors: boolean;
  readonly #stream: Writable;
  readonly #linesSizeMax: number;
  #linesSize = 0;
  #leftOut = 0;
  /** What was handed over last; the stream keeps the order. */
  #last: Promise<void> = Promise.resolve();

  constructor(stream: Writable, colors: boolean, sizeMax = linesSizeMax) {
    this.#stream = stream;
    this.colors = colors;
    this.#linesSizeMax = sizeMax;
    // Each write is told by itself that nobody reads any more. Without a listener it would end the process.
    stream.on('error', () => {});
  }

  /** Resolves when it has been taken; rejects when nobody takes anything any more. */
  write(text: string): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
    this.#last = written.catch(() => {});
    return written;
  }

  /** For those who do not wait. Bounded. */
  line(text: string): void {
    if (this.#linesSize > this.#linesSizeMax) {
      this.#leftOut += 1;
      return;
    }
    this.#linesSize += text.length;
    const taken = () => {
      this.#linesSize -= text.length;
      this.#sayLeftOut();
    };
    // There is nobody left to be told that nobody reads.
    this.write(text).then(taken, () => {});
  }

  #sayLeftOut(): void {
    if (this.#leftOut === 0 || this.#linesSize > this.#linesSizeMax / 2) return;
    const count = this.#leftOut;
    this.#leftOut = 0;
    this.line(`${count} lines of the log are missing here: the output stood still.\n`);
  }

  /** Resolves when everything has been taken, or nobody takes anything. */
  flushed(): Promise<void> {
    return this.#last;
  }
}
