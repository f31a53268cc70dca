/**
 * Prints every event as the lab's hub does, on one line or over several. It is one more reader with a cursor: it looks how far the log is and
 * reads on from its place, never faster than the output takes it. An output that stands still costs one page of
 * memory, however much happens meanwhile, and nothing is left out when it goes on.
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

/** No eye sees that it comes a little later, and what has gathered by then is written in one go. */
const lookEveryMs = 100;
/** The hub's turn is not held up by more than a few tenths of a millisecond. */
const atOnceMax = 32;
/** For the output to take what is left when the hub stops. */
const closeMaxMs = 2_000;

export interface Output {
  /** Resolves when it has been taken; rejects when nobody takes anything any more. */
  write(text: string): Promise<void>;
  readonly colors: boolean;
}

/** What of the hub is read here. */
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
  /** The log's seq that it begins after. */
  readonly from: number;
  readonly style: PrintStyle;
}

export interface Printer {
  /** Prints what is left as far as the output takes it. @returns how many events it had to leave. Safe to call twice. */
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
      for (let from = 0; from < page.items.length && !this.#isOver; from += atOnceMax) {
        await this.#print(page.items.slice(from, from + atOnceMax));
      }
      // Past what nobody can have, too.
      if (!this.#isOver) this.#place = readCursor(page.next)?.seq ?? this.#place;
    }
  }

  /** Undefined where the log cannot be read: it is tried again with the next look. */
  async #next(): Promise<EventsPage | undefined> {
    try {
      const after = cursorOf(this.#hub.epoch, this.#place);
      return await this.#hub.read.events({ role: 'admin' }, { after, limit: limits.page, terms: [] });
    } catch {
      // Whoever reads over a door meets the same fault, and is told.
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
      // Nobody reads it any more, `| head` for one.
      this.#isOver = true;
    }
    // An output that takes everything at once must not keep the hub from its work.
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

/** As `console.log('EVENT', { event, time, payload })` would print it. */
function asTheLab({ event, time, payload }: CapsRecord, colors: boolean): string {
  return `${escapeUnseenInLayout(formatWithOptions({ colors }, 'EVENT', { event, time, payload }))}\n`;
}

const unbroken = { breakLength: Number.POSITIVE_INFINITY, compact: true } as const;

/** The same unbroken, with who did it and through which door behind it. */
function onOneLine({ event, time, payload, by, via }: CapsRecord, colors: boolean): string {
  const said = formatWithOptions({ colors, ...unbroken }, 'EVENT', { event, time, payload });
  const name = by.name === undefined || by.name === by.id ? '' : ` (${plain(by.name)})`;
  const who = by.role === by.id ? by.role : `${by.role} ${plain(by.id)}`;
  const behind = `by ${who}${name} via ${via}`;
  return `${escapeUnseenInLayout(`${said} ${colors ? styleText('dim', behind, { validateStream: false }) : behind}`)}\n`;
}

/** Without what a terminal would take for a command. */
function plain(text: string): string {
  return inspect(text).slice(1, -1);
}
