/**
 * Finds messages in a stream of bytes: JSON objects, delimited by newlines or by nothing, mixed with lines of text,
 * and cut anywhere, even inside a UTF-8 character.
 *
 *               ┌────────── "{" ─────────┐   ┌─ its last "}" ─▶ an object ─▶ text
 *     text ─────┤                        ▼   │
 *               └─ newline ─▶ a text    object
 *                                            └─ cannot be finished ─▶ an error ─▶ skipping ── newline ─▶ text
 *
 * It works on bytes, because everything that structures JSON is ASCII. What it cannot know is whether an object
 * that has begun will ever end: the caller sets the deadline.
 */

import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';

export type ScannedPart =
  /** `json` is the object's text: its numbers may be more exact than JavaScript's. */
  | { readonly kind: 'object'; readonly value: object; readonly json: string }
  /** Trimmed; never empty. */
  | { readonly kind: 'text'; readonly text: string }
  /** No message; skipped. */
  | { readonly kind: 'broken'; readonly error: CapsError };

const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const [braceOpen, braceClose, bracketOpen, bracketClose] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Bytes that may precede an object or a list inside an object: `:`, `,` and `[`. */
const beforeInner: ReadonlySet<number> = new Set([0x3a, 0x2c, bracketOpen]);
const whiteSpace: ReadonlySet<number> = new Set([0x20, 0x09, newline, 0x0d]);

const utf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');

export class JsonScanner {
  readonly #bytesMax: number;
  readonly #words: Pick<ReadonlySet<string>, 'has'>;
  /** Parts of the unfinished message from earlier chunks. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #mode: 'text' | 'object' | 'skip' = 'text';
  /** Closing brackets of all open ones. */
  #open: number[] = [];
  #inString = false;
  #isEscaped = false;
  /** The last byte outside strings and white space. */
  #last = 0;
  /** Only white space since the last newline. */
  #isLineStart = false;

  /**
   * @param words texts that are messages as soon as they are complete, even without a newline
   * @param bytesMax of one message
   */
  constructor(words: Pick<ReadonlySet<string>, 'has'>, bytesMax: number = limits.commandBytes) {
    this.#words = words;
    this.#bytesMax = bytesMax;
  }

  /** Whether a message has begun and not ended. */
  get isPending(): boolean {
    return this.#mode !== 'text' || this.#heldBytes > 0;
  }

  /** @throws CapsError too-large for a message that is too long; the stream is unusable from then on */
  push(chunk: Uint8Array): ScannedPart[] {
    const found: ScannedPart[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#mode === 'object') {
        const step = this.#inObject(byte);
        if (step === 'goes on') continue;
        if (step === 'ends') {
          found.push(readObject(this.#take(chunk.subarray(start, at + 1))));
          start = at + 1;
        } else {
          this.#take(chunk.subarray(start, at));
          found.push(broken('This object cannot be finished.'));
          // The next newline has already led to the new object at the start of this line.
          start = step === 'begins anew' || byte !== newline ? at : at + 1;
          if (step === 'begins anew') this.#begin();
          else this.#mode = byte === newline ? 'text' : 'skip';
        }
      } else if (byte === newline) {
        const passed = this.#take(chunk.subarray(start, at));
        if (this.#mode === 'text') pushText(found, passed);
        this.#mode = 'text';
        start = at + 1;
      } else if (byte === braceOpen && this.#mode === 'text') {
        pushText(found, this.#take(chunk.subarray(start, at)));
        start = at;
        this.#begin();
      }
    }
    this.#hold(chunk.subarray(start));
    if (this.#mode === 'text') this.#takeWord(found);
    return found;
  }

  #begin(): void {
    this.#mode = 'object';
    this.#open = [braceClose];
    this.#inString = false;
    this.#isEscaped = false;
    this.#isLineStart = false;
    this.#last = braceOpen;
  }

  /** Takes one more byte of an object. */
  #inObject(byte: number): 'goes on' | 'ends' | 'is broken' | 'begins anew' {
    if (this.#inString) return this.#inText(byte);
    if (whiteSpace.has(byte)) {
      if (byte === newline) this.#isLineStart = true;
      return 'goes on';
    }
    const last = this.#last;
    const isLineStart = this.#isLineStart;
    this.#last = byte;
    this.#isLineStart = false;
    switch (byte) {
      case quote:
        this.#inString = true;
        return 'goes on';
      case braceOpen:
      case bracketOpen:
        if (!beforeInner.has(last)) return byte === braceOpen && isLineStart ? 'begins anew' : 'is broken';
        this.#open.push(byte === braceOpen ? braceClose : bracketClose);
        return 'goes on';
      case braceClose:
      case bracketClose:
        if (this.#open.pop() !== byte) return 'is broken';
        if (this.#open.length > 0) return 'goes on';
        this.#mode = 'text';
        return 'ends';
      default:
        return 'goes on';
    }
  }

  /** JSON strings contain no raw control characters, and so no newline. */
  #inText(byte: number): 'goes on' | 'is broken' {
    if (byte < 0x20) return 'is broken';
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#inString = false;
    return 'goes on';
  }

  #hold(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#check(rest);
    this.#heldBytes += rest.length;
    // Skipped bytes need not be kept.
    if (this.#mode !== 'skip') this.#held.push(rest.slice());
  }

  /** The whole message, which ends with this part. */
  #take(part: Uint8Array): Uint8Array {
    this.#check(part);
    const whole = this.#held.length === 0 ? part : Buffer.concat([...this.#held, part]);
    this.#held = [];
    this.#heldBytes = 0;
    return whole;
  }

  #check(part: Uint8Array): void {
    if (this.#heldBytes + part.length <= this.#bytesMax) return;
    throw new CapsError('too-large', `This message has more than ${this.#bytesMax} bytes.`);
  }

  #takeWord(found: ScannedPart[]): void {
    const longest = 256;
    if (this.#heldBytes === 0 || this.#heldBytes > longest) return;
    const text = lenientUtf8.decode(Buffer.concat(this.#held)).trim();
    if (this.#words.has(text)) found.push({ kind: 'text', text });
    if (this.#words.has(text) || text === '') this.#take(new Uint8Array());
  }
}

function readObject(bytes: Uint8Array): ScannedPart {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (error) {
    return broken('This message is not UTF-8.', error);
  }
  try {
    return { kind: 'object', value: JSON.parse(text) as object, json: text };
  } catch (error) {
    return broken(undefined, error);
  }
}

function pushText(found: ScannedPart[], bytes: Uint8Array): void {
  const text = lenientUtf8.decode(bytes).trim();
  if (text !== '') found.push({ kind: 'text', text });
}

function broken(message?: string, cause?: unknown): ScannedPart {
  return { kind: 'broken', error: new CapsError('not-json', message, { cause }) };
}
