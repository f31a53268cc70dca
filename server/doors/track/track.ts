/**
 * The customer's door, `/track/:token`: one parcel as a page that needs no script, and the same page's later states
 * over a WebSocket or SSE. What goes out is always the whole state as it is now, so that nobody has to catch up with anything: a
 * reader that is slow, or was away, gets the latest one and none of those in between.
 */

import type { IncomingMessage, Server } from 'node:http';
import express, { type Router } from 'express';
import { CapsError } from '../../../protocol/errors.ts';
import { isFinished } from '../../../protocol/events.ts';
import type { Profile } from '../../../protocol/rest.ts';
import { type Clock, systemClock } from '../../clock.ts';
import type { Answers } from '../../edge/answers.ts';
import type { Gate } from '../../edge/origin-policy.ts';
import { noOtherMethod } from '../../edge/problems.ts';
import type { Rates } from '../../edge/rate.ts';
import { Slots } from '../../edge/slots.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Message } from '../../hub/message.ts';
import type { Presence } from '../../hub/presence.ts';
import type { Customer } from '../../hub/reads.ts';
import { DamagedError } from '../../store/store.ts';
import { type Journey, journeyOf } from './journey.ts';
import { type Line, serveSockets, streamLine } from './lines.ts';
import { filled, type TrackPage, trackPageOf, turnedAwayPage, unknownPage } from './page.ts';
import { type PageWords, wordsFor } from './page-words.ts';
import { UsualTimes } from './usual-times.ts';

/** Tells the page that the connection lives, and the hub that somebody still reads it. */
const beatMs = 15_000;
/** Between two states of one page: no eye follows more. */
const paceMs = 100;
/** A due time that is further away is looked at again by then: a timer does not reach further than 24 days. */
const dueMaxMs = 3_600_000;
/** Pages that are made at a time: a parcel's records may be large, and a thousand pages of it open. */
const looksMax = 4;
/** The parcel's latest records are what the page is made from; nearly all lives are shorter. */
const recordsMax = 200;

export interface TrackDoorOptions {
  readonly hub: Hub;
  readonly presence: Presence;
  readonly rates: Rates;
  /** From where a request comes. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly answers: Answers;
  readonly clock?: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

/** For dispatch: whoever opened it is shown a page that says so. */
const nobodysLink = 'There is no order behind this tracking link.';
const notOurs = 'A page of another origin, or one that reaches the hub under another name.';

const onlyRead = noOtherMethod('GET');

/** The built page around the state, for this address; undefined while the pages are not built. */
export type PageShell = (url: string) => Promise<string | undefined>;

export interface TrackDoor {
  /** To be mounted at `/track`. */
  router(shell: PageShell): Router;
  /** @returns the page where the hub is asked under an address that is not its own */
  turnedAway(shell: string, why: string, request: IncomingMessage): string;
  /** Has the pages' WebSockets served, where this gate lets them in. To be called before the port is opened. */
  serveSockets(http: Server, gate: Gate): void;
  /** Ends the live pages, which try again by themselves. Safe to call twice. */
  close(): void;
}

export function createTrackDoor(options: TrackDoorOptions): TrackDoor {
  const { hub, answers, clock = systemClock, onFault } = options;
  const pages = new LivePages(clock);
  const looks = new Looks(hub, clock);
  let isClosed = false;

  function assertOpen(): void {
    if (isClosed) throw new CapsError('unavailable');
  }

  function live(customer: Customer, words: PageWords, line: Line): void {
    const page = new LivePage(line, pages, clock, () => looks.take(customer, words), onFault);
    const subscription = hub.subscribe(customer, undefined, page, () => {});
    line.onceClosed(() => {
      subscription.close();
      page.close();
    });
  }

  return {
    turnedAway: (shell, why, request) => filled(shell, turnedAwayPage(why, wordsFor(request))),
    router(shell) {
      const router = express.Router();
      router.use(async (request, response, next) => {
        response.set({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' });
        if (request.method !== 'GET' && request.method !== 'HEAD') {
          onlyRead(request, response, next);
          return;
        }
        const words = wordsFor(request);
        response.vary('accept-language');
        const [, token = '', wantsLive] = /^\/([\w-]+)(\/live)?\/?$/.exec(request.path) ?? [];
        const customer = await customerOf(request, token, options);
        if (customer && wantsLive) {
          if (request.method === 'HEAD') response.type('text/event-stream').end();
          else {
            assertOpen();
            // Gone while it was looked up whose it is: nothing would ever say so again.
            if (!response.closed) live(customer, words, streamLine(response));
          }
          return;
        }
        const html = await shell(request.originalUrl);
        if (html === undefined) return next();
        response.status(customer ? 200 : 404);
        await answers.text({ request, response }, 'text/html; charset=utf-8', async () => {
          const { page } = customer ? await looks.take(customer, words) : { page: unknownPage(words) };
          return filled(html, page);
        });
      });
      return router;
    },
    serveSockets(http, gate) {
      serveSockets(http, async (request, token) => {
        assertOurs(request, gate, options);
        const customer = await customerOf(request, token, options);
        if (!customer) throw new CapsError('unknown-parcel');
        assertOpen();
        return (line) => live(customer, wordsFor(request), line);
      });
    },
    close() {
      isClosed = true;
      pages.close();
    },
  };
}

/** All of one address together: who tries links is somebody else with each of them. */
async function customerOf(
  request: IncomingMessage,
  token: string,
  { hub, presence, rates, addressOf }: TrackDoorOptions,
): Promise<Customer | undefined> {
  const who = addressOf(request);
  rates.admit(who, 'customers');
  const customer = await hub.read.customerOf(token);
  if (!customer) presence.notice('refused', 'rest', nobodysLink, { code: 'unknown-parcel', who });
  return customer;
}

/** The pages' own requests were looked at before they got here; an upgrade is nobody's but ours. */
function assertOurs(request: IncomingMessage, gate: Gate, { presence, addressOf }: TrackDoorOptions): void {
  const { host, origin } = request.headers;
  if (gate.isOurHost(host) && gate.isOurOrigin(origin, host)) return;
  presence.notice('refused', 'rest', notOurs, { code: 'not-allowed', who: addressOf(request) });
  throw new CapsError('not-allowed');
}

/** What a customer sees at this moment. */
interface Look {
  readonly page: TrackPage;
  /** Milliseconds until time alone makes it another. */
  readonly turnsInMs: number | undefined;
}

class Looks {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #usual: UsualTimes;
  readonly #slots = new Slots(looksMax);

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
    this.#usual = new UsualTimes(hub.read, clock);
  }

  /** @throws CapsError unknown-parcel */
  take(customer: Customer, words: PageWords): Promise<Look> {
    return this.#slots.run(() => this.#take(customer, words));
  }

  async #take(customer: Customer, words: PageWords): Promise<Look> {
    const { read } = this.#hub;
    const parcel = await read.parcel(customer, customer.parcel);
    // No further than the parcel says, or the page would be of two moments.
    const before = String(parcel.rev + 1);
    const { items } = await read.events(customer, { before, limit: recordsMax, terms: [] });
    const journey = journeyOf(parcel, items, this.#clock.now());
    const wantsUsual = !journey.due && !isFinished(journey.status);
    const usual = wantsUsual ? await this.#usual.of(journey.store) : undefined;
    const page = trackPageOf(journey, usual, await this.#profileOf(customer, journey.store), words);
    return { page, turnsInMs: this.#turnsIn(journey) };
  }

  /** Without one that the disk has damaged: it is the store's to write again, and the parcel is as it is. */
  async #profileOf(customer: Customer, store: string): Promise<Profile> {
    try {
      return await this.#hub.profiles.read(customer, store);
    } catch (error) {
      if (error instanceof DamagedError) return {};
      throw error;
    }
  }

  #turnsIn({ due }: Journey): number | undefined {
    if (!due || due.isLate) return undefined;
    return Math.min(Math.max(1, Date.parse(due.at) - this.#clock.now() + 1), dueMaxMs);
  }
}

/** All that are open. */
class LivePages {
  readonly #clock: Clock;
  readonly #all = new Set<LivePage>();
  #cancelBeat: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(page: LivePage): void {
    this.#all.add(page);
    this.#cancelBeat ??= this.#clock.after(beatMs, () => this.#beat());
  }

  forget(page: LivePage): void {
    this.#all.delete(page);
    if (this.#all.size > 0) return;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
  }

  close(): void {
    for (const page of [...this.#all]) page.fail();
  }

  #beat(): void {
    for (const page of this.#all) page.beat();
    this.#cancelBeat = this.#clock.after(beatMs, () => this.#beat());
  }
}

/**
 * One page that is open somewhere. Whatever the feed says only marks the state as stale: it is looked at anew once
 * the network has taken the one before. So nothing is ever queued.
 */
class LivePage implements Sink {
  readonly queued = 0;
  readonly queuedSize = 0;
  readonly #line: Line;
  readonly #pages: LivePages;
  readonly #clock: Clock;
  readonly #look: () => Promise<Look>;
  readonly #onFault: TrackDoorOptions['onFault'];
  #isStale = false;
  #isSending = false;
  #isClosed = false;
  /** What the page shows, as it was sent. */
  #shown = '';
  #missedBeat = false;
  #cancelTurn: (() => void) | undefined;
  #wake: (() => void) | undefined;

  constructor(
    line: Line,
    pages: LivePages,
    clock: Clock,
    look: () => Promise<Look>,
    onFault: TrackDoorOptions['onFault'],
  ) {
    this.#line = line;
    this.#pages = pages;
    this.#clock = clock;
    this.#look = look;
    this.#onFault = onFault;
    pages.open(this);
  }

  /** The one message that says nothing new is the parcel of a fresh start, which follows the welcome. */
  send({ name }: Message): void {
    if (name !== 'parcels') this.refresh();
  }

  refresh(): void {
    this.#isStale = true;
    if (!this.#isSending) void this.#sendStates();
  }

  async drained(): Promise<void> {}

  /** A page that has not taken anything for two beats is not there any more, whatever its connection says. */
  beat(): void {
    if (!this.#line.isFull) this.#line.write('beat');
    else if (this.#missedBeat) this.#line.destroy();
    this.#missedBeat = this.#line.isFull;
  }

  fail(): void {
    this.close();
    this.#line.end();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTurn?.();
    this.#wake?.();
    this.#pages.forget(this);
  }

  async #sendStates(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#isStale && !this.#isClosed) {
        this.#isStale = false;
        const { page, turnsInMs } = await this.#look();
        if (this.#isClosed) return;
        this.#cancelTurn?.();
        if (turnsInMs !== undefined) this.#cancelTurn = this.#clock.after(turnsInMs, () => this.refresh());
        this.#show(page);
        await this.#pause();
      }
    } catch (error) {
      // The log could not be read. The page still shows what it knows, and comes again.
      this.#onFault(error, 'a customer’s page could not be shown');
      this.fail();
    } finally {
      this.#isSending = false;
    }
  }

  #show({ title, state }: TrackPage): void {
    const message = JSON.stringify({ title, state: state.text });
    if (message === this.#shown) return;
    this.#shown = message;
    this.#line.write('state', message);
  }

  /** Until the next state may go out: the network has taken this one, and it has been seen for a moment. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const paced = () => {
        if (this.#isClosed || !this.#line.isFull) resolve();
        else this.#line.onceDrained(resolve);
      };
      const cancel = this.#clock.after(paceMs, paced);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
