/**
 * Prints every event as the lab's hub does, on one line or over several. It is a reader with a cursor that polls the
 * log, never faster than the output takes it. An output that stands still costs one page of memory, and nothing is
 * lost when it goes on.
 */

import { formatWithOptions, inspect, styleText } from 'node:util';
import { escapeUnseenInLayout } from '../../protocol/characters.ts';
import { cursorOf, readCursor } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';
import type { PrintStyle } from '../config.ts';
import type { EventsPage } from '../hub/history.ts';
import type { Reads } from '../hub/reads.ts';

/** The delay is invisible, and events that gather meanwhile are written together. */
const lookEveryMs = 100;
/** Events per write: they hold up the hub for a few tenths of a millisecond. */
const atOnceMax = 32;
/** In characters of JSON, because what is nested takes far longer to lay out than as much text. */
const sizeAtOnceMax = 4 * 1024;
/** A larger payload is printed without what lies deep in it. */
const wholeSizeMax = 2 * 1024;
/** Time for the output to take the rest when the hub stops. */
const closeMaxMs = 2_000;

export interface Output {
  /** Resolves when it was taken; rejects when the reader is gone. */
  write(text: string): Promise<void>;
  readonly colors: boolean;
}

/** The part of the hub that is read here. */
export interface PrintedHub {
  readonly epoch: string;
  /** The log's last seq. */
  readonly head: number;
  readonly read: Pick<Reads, 'events'>;
}

export interface PrinterOptions {
  readonly hub: PrintedHub;
  readonly clock: Clock;
  readonly output: Output;
  /** The seq of the log after which it begins. */
  readonly from: number;
  readonly style: PrintStyle;
}

export interface Printer {
  /** Prints the rest as far as the output takes it. Safe to call twice. @returns the number of events left out */
  close(): Promise<number>;
}

export function printEvents(options: PrinterOptions): Printer {
  return new LogPrinter(options);
}

class LogPrinter implements Printer {
  readonly #hub: PrintedHub;
  readonly #clock: Clock;
  readonly #output: Output;
  readonly #style: PrintStyle;
  #place: number;
  #printing: Promise<void> = Promise.resolve();
  #cancelLook: () => void = () => {};
  #isOver = false;
  #closing: Promise<number> | undefined;

  constructor({ hub, clock, output, from, style }: PrinterOptions) {
    this.#style = style;
    this.#hub = hub;
    this.#clock = clock;
    this.#output = output;
    this.#place = from;
    this.#look();
  }

  #look(): void {
    this.#printing = this.#printAll().then(() => {
      if (!this.#isOver && !this.#closing)
        this.#cancelLook = this.#clock.after(lookEveryMs, () => this.#look());
    });
  }

  async #printAll(): Promise<void> {
    while (!this.#isOver && this.#place < this.#hub.head) {
      const page = await this.#next();
      if (!page) return;
      for (const records of lotsOf(page.items)) {
        if (this.#isOver) break;
        await this.#print(records);
      }
      // Skips damaged records.
      if (!this.#isOver) this.#place = readCursor(page.next)?.seq ?? this.#place;
    }
  }

  /** Undefined if the log cannot be read; the next poll retries. */
  async #next(): Promise<EventsPage | undefined> {
    try {
      const after = cursorOf(this.#hub.epoch, this.#place);
      return await this.#hub.read.events({ role: 'admin' }, { after, limit: limits.page, terms: [] });
    } catch {
      // Readers at the doors meet the same fault and are told.
      return undefined;
    }
  }

  async #print(records: readonly CapsRecord[]): Promise<void> {
    const print = this.#style === 'lab' ? asTheLab : onOneLine;
    const lines = records.map((record) => print(record, this.#output.colors));
    try {
      await this.#output.write(lines.join(''));
      this.#place = records.at(-1)?.seq ?? this.#place;
    } catch {
      // The reader is gone, e.g. `| head`.
      this.#isOver = true;
    }
    // An output that takes everything at once must not starve the hub.
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
  }

  close(): Promise<number> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<number> {
    this.#cancelLook();
    const isBroken = this.#isOver;
    const left = this.#printing.then(() => this.#printAll());
    const late = new Promise<void>((resolve) => {
      const cancel = this.#clock.after(closeMaxMs, resolve);
      void left.then(cancel);
    });
    await Promise.race([left, late]);
    this.#isOver = true;
    return isBroken ? 0 : this.#hub.head - this.#place;
  }
}

/** In their order, as many together as are laid out in one turn. */
function* lotsOf(records: readonly CapsRecord[]): Generator<readonly CapsRecord[]> {
  let first = 0;
  let size = 0;
  for (const [i, { payload }] of records.entries()) {
    const more = sizeOf(payload);
    if (i > first && (i - first >= atOnceMax || size + more > sizeAtOnceMax)) {
      yield records.slice(first, i);
      first = i;
      size = 0;
    }
    size += more;
  }
  yield records.slice(first);
}

function sizeOf(payload: object): number {
  return JSON.stringify(payload).length;
}

/** As `console.log('EVENT', { event, time, payload })` would print it. */
function asTheLab({ event, time, payload }: CapsRecord, colors: boolean): string {
  return `${escapeUnseenInLayout(formatWithOptions({ colors }, 'EVENT', { event, time, payload }))}\n`;
}

const unbroken = { breakLength: Number.POSITIVE_INFINITY, compact: true } as const;
/** All levels that a command may have, and the event around it. */
const whole = { ...unbroken, depth: limits.depth + 1 } as const;

/** The same on one line, followed by the actor and the door. */
function onOneLine({ event, time, payload, by, via }: CapsRecord, colors: boolean): string {
  const style = sizeOf(payload) > wholeSizeMax ? unbroken : whole;
  const said = formatWithOptions({ colors, ...style }, 'EVENT', { event, time, payload });
  const name = by.name === undefined || by.name === by.id ? '' : ` (${plain(by.name)})`;
  const who = by.role === by.id ? by.role : `${by.role} ${plain(by.id)}`;
  const behind = `by ${who}${name} via ${via}`;
  return `${escapeUnseenInLayout(`${said} ${colors ? styleText('dim', behind, { validateStream: false }) : behind}`)}\n`;
}

/** Without terminal codes. */
function plain(text: string): string {
  return inspect(text).slice(1, -1);
}
