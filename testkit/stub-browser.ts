/** Stubs of a browser's globals for tests of the pages' stores, and a hub that the test plays by hand. */

import { vi } from 'vitest';
import type { Dial, Wire, WireHandlers } from '../client/socketio-wire.ts';
import type { WireError } from '../protocol/errors.ts';
import type { EventName, Status } from '../protocol/events.ts';
import type { Answer, Author, CapsRecord, Command, Offers, ParcelView } from '../protocol/messages.ts';
import { hubClock } from '../web/app/hub-clock.ts';
import type { Timers } from '../web/app/timers.ts';

/** Time is vitest's; storage is blocked, as in some browsers; HTTP answers as told, at once or by a promise. */
export function stubBrowser(http: (path: string) => unknown = () => undefined): void {
  vi.useFakeTimers();
  trueClock();
  vi.stubGlobal('location', { origin: 'http://hub', search: '' });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  vi.stubGlobal('fetch', async (path: string) => {
    const body = await http(path);
    return { ok: body !== undefined, status: 503, json: async () => body };
  });
}

export function restoreBrowser(): void {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  trueClock();
}

/** The pages' clock takes a change between vitest's time and the real one for a clock that was set. */
function trueClock(): void {
  hubClock.hear(new Date().toISOString());
}

/** Timers of the page itself: there is no worker here. */
export const pageTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  close: () => {},
};

/** The hub's end of one connection. */
export class HandWire implements Wire {
  /** The client's last handshake. */
  handshake: unknown;
  readonly commands: Command[] = [];
  /** Answers commands; undefined leaves one unanswered. */
  answer: (command: Command) => Answer | undefined = () => undefined;
  readonly #handlers: WireHandlers;

  constructor(handlers: WireHandlers) {
    this.#handlers = handlers;
  }

  open(handshake: unknown): void {
    this.handshake = handshake;
  }

  async send(batch: Command[]): Promise<Answer[] | undefined> {
    this.commands.push(...batch);
    const answers = batch.map((command) => this.answer(command));
    return answers.every((answer) => answer !== undefined) ? answers : new Promise(() => {});
  }

  /** Answers to requests for more offers, page by page. */
  readonly pages: Offers[] = [];
  /** The `from` of each request for offers. */
  readonly asked: (string | undefined)[] = [];
  async offers(from: string | undefined): Promise<Offers | undefined> {
    this.asked.push(from);
    return this.pages.shift();
  }

  duty(): void {}
  close(): void {}

  welcome(head = 0, epoch = 'e', reset?: 'bad-cursor'): void {
    const actor = { role: 'hub', id: 'hub' } as const;
    this.#handlers.welcome({ protocol: 1, epoch, head, actor, ...(reset ? { reset } : {}) });
  }

  parcels(items: ParcelView[] = [], upTo = 0, offers: { ready?: number; next?: string } = {}): void {
    this.#handlers.parcels({ upTo, items, more: false, ...offers });
  }

  /** Sends one frame of a feed; the records' seqs have no gaps. */
  events(
    feed: 'board' | 'own' | 'store' | 'log',
    prev: number,
    records: CapsRecord[],
    gone: string[] = [],
    ready?: number,
  ): void {
    const upTo = Math.max(prev + records.length, prev + 1);
    const seqs = records.map((record, i) => ({ ...record, seq: prev + 1 + i }));
    const off = gone.map((orderID) => ({ store: 'red', orderID, by: 'ben' }));
    const counted = ready === undefined ? {} : { ready };
    this.#handlers.events({ feed, prev, upTo, records: seqs, gone: off, ...counted });
  }

  down(error?: WireError): void {
    this.#handlers.down(error);
  }
}

/** @returns the dial, and the wire once it was dialled */
export function handDial(): { dial: Dial; wire: () => HandWire } {
  let wire: HandWire | undefined;
  return {
    dial: (handlers) => {
      wire = new HandWire(handlers);
      return wire;
    },
    wire: () => {
      if (!wire) throw new Error('Nobody has dialled.');
      return wire;
    },
  };
}

const start = Date.UTC(2026, 0, 1);

/** A record of the store `red`; its time follows from its rev. */
export function recordOfRed(
  orderID: string,
  rev: number,
  event: EventName,
  status: Status,
  by: Author,
  details?: Record<string, unknown>,
): CapsRecord {
  const payload = { store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' };
  const time = new Date(start + rev * 1_000).toISOString();
  return { seq: 0, event, time, status, rev, payload, by, details, via: 'socket.io' };
}

export function viewOfRed(orderID: string, status: Status, rev: number, holder?: string): ParcelView {
  const { payload, time } = recordOfRed(orderID, 1, 'pickup', 'ready', { role: 'vendor', id: 'red' });
  const held = holder === undefined ? {} : { holder: { id: holder } };
  return { payload, status, rev, attempts: 0, ...held, createdAt: time, changedAt: time };
}
