/**
 * Writes everything the process prints: greeting, log and events. Its reader may be slow, stand still (`npm start |
 * less`) or be gone (`| head`), while the hub goes on.
 */

import type { Writable } from 'node:stream';
import { escapeUnseenInJson } from '../../protocol/characters.ts';

/**
 * A line of the log, without terminal codes and invisible characters.
 * @param json as pino writes it @param asText formats it for people; undefined keeps the JSON
 */
export function logLine(json: string, asText: ((json: string) => string) | undefined): string {
  const line = escapeUnseenInJson(json);
  if (!asText) return line;
  // Formatting would turn JSON's escapes back into control characters. Line breaks stay, for stack traces.
  return asText(
    line.replace(/\\(\\|u[\da-f]{4}|[bfrt])/g, (sign, what) => (what === '\\' ? sign : `\\\\${what}`)),
  );
}

/** Unwritten log lines in characters; past it lines are dropped and counted. */
const linesSizeMax = 1024 * 1024;

export class ProcessOutput {
  readonly colors: boolean;
  readonly #stream: Writable;
  readonly #linesSizeMax: number;
  #linesSize = 0;
  #leftOut = 0;
  /** The last write; the stream keeps the order. */
  #last: Promise<void> = Promise.resolve();

  constructor(stream: Writable, colors: boolean, sizeMax = linesSizeMax) {
    this.#stream = stream;
    this.colors = colors;
    this.#linesSizeMax = sizeMax;
    // Each write learns by itself that the reader is gone. An unhandled error would end the process.
    stream.on('error', () => {});
  }

  /** Resolves when it was taken; rejects when the reader is gone. */
  write(text: string): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
    this.#last = written.catch(() => {});
    return written;
  }

  /** Queues a line without waiting. Bounded. */
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
    // A reader that is gone cannot be told so.
    this.write(text).then(taken, () => {});
  }

  #sayLeftOut(): void {
    if (this.#leftOut === 0 || this.#linesSize > this.#linesSizeMax / 2) return;
    const count = this.#leftOut;
    this.#leftOut = 0;
    this.line(`${count} lines of the log are missing here: the output stood still.\n`);
  }

  /** Resolves when everything was taken or the reader is gone. */
  flushed(): Promise<void> {
    return this.#last;
  }
}
