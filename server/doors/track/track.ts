/**
 * The customer's door, `/track/:token`: one parcel as a page without scripts, and its later states over WebSocket or
 * SSE. Every message is the whole current state, so that a slow or returning page needs only the latest one.
 */

import type { IncomingMessage, Server } from 'node:http';
import express, { type Router } from 'express';
import { CapsError } from '../../../protocol/errors.ts';
import { unavailableReasons } from '../../../protocol/unavailable.ts';
import { type Clock, systemClock } from '../../clock.ts';
import type { Answers } from '../../edge/answers.ts';
import type { LongConnection } from '../../edge/drain.ts';
import type { OriginPolicy } from '../../edge/origin-policy.ts';
import { noOtherMethod } from '../../edge/problems.ts';
import type { Rates } from '../../edge/rate.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Message } from '../../hub/message.ts';
import type { Presence } from '../../hub/presence.ts';
import type { Customer } from '../../hub/reads.ts';
import { type Line, serveSockets, streamLine } from './lines.ts';
import { filled, notNowPage, type TrackPage, turnedAwayPage } from './page.ts';
import { type PageWords, wordsFor } from './page-words.ts';
import { TrackPhotos } from './track-photos.ts';
import { isAway, type TrackView, TrackViews, type Visit } from './track-views.ts';

/** Heartbeat: shows the page that the connection lives, and the hub that somebody reads it. */
const beatMs = 15_000;
/** Pause between two states of a page: nobody reads faster. */
const paceMs = 100;

export interface TrackDoorOptions {
  readonly hub: Hub;
  readonly presence: Presence;
  readonly rates: Rates;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly answers: Answers;
  readonly clock?: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

/** The notice for dispatch; the visitor sees a page that says so. */
const nobodysLink = 'There is no order behind this tracking link.';
const notOurs = 'A page of another origin, or one that reaches the hub under another name.';

const onlyRead = noOtherMethod('GET');

/** The built page around the state, for this address; undefined while the pages are not built. */
export type PageShell = (url: string) => Promise<string | undefined>;

export interface TrackDoor {
  /** Mount it at `/track`. */
  router(shell: PageShell): Router;
  /** @returns the page for a request by a foreign address */
  turnedAway(shell: string, why: string, request: IncomingMessage): string;
  /** Serves the pages' WebSockets to allowed origins. Call it before the port is opened. */
  serveSockets(http: Server, origins: OriginPolicy): void;
  /** Live pages. */
  readonly connections: readonly LongConnection[];
  /** Ends the live pages, which reconnect by themselves. Safe to call twice. */
  close(): void;
}

export function createTrackDoor(options: TrackDoorOptions): TrackDoor {
  const { hub, answers, clock = systemClock, onFault } = options;
  const pages = new LivePages(clock);
  const looks = new TrackViews(hub, clock);
  const photos = new TrackPhotos(hub, answers);
  let isClosed = false;

  function assertOpen(): void {
    if (isClosed) throw new CapsError('unavailable', unavailableReasons.stopping);
  }

  function live(visit: Visit, words: PageWords, line: Line): void {
    const page = new LivePage(line, pages, clock, () => looks.take(visit, words), onFault);
    follow(hub, visit.customer, page, line);
  }

  return {
    turnedAway: (shell, why, request) => filled(shell, turnedAwayPage(why, wordsFor(request))),
    router(shell) {
      const router = express.Router();
      router.use(async (request, response, next) => {
        response.set({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' });
        if (request.method !== 'GET' && request.method !== 'HEAD')
          return void onlyRead(request, response, next);
        const words = wordsFor(request);
        response.vary('accept-language');
        const [, token = '', wantsLive] = /^\/([\w-]+)(\/live)?\/?$/.exec(request.path) ?? [];
        if (await photos.answers({ request, response }, (token) => customerOf(request, token, options)))
          return;
        const visit = await visitOrNotNow(request, token, options, wantsLive !== undefined);
        if (visit && visit !== 'not now' && wantsLive) {
          if (request.method === 'HEAD') response.type('text/event-stream').end();
          else {
            assertOpen();
            // If it closed during the lookup, no event would ever say so.
            if (!response.closed) live(visit, words, streamLine(response));
          }
          return;
        }
        const html = await shell(request.originalUrl);
        if (html === undefined) return next();
        response.status(visit ? 200 : 404);
        await answers.text({ request, response }, 'text/html; charset=utf-8', async () => {
          const page = await looks.pageOf(visit, words);
          if (!page) response.status(503).set(comeAgain);
          return filled(html, page ?? notNowPage(words));
        });
      });
      return router;
    },
    serveSockets(http, origins) {
      serveSockets(http, async (request, token) => {
        assertOurs(request, origins, options);
        const customer = await customerOf(request, token, options);
        if (!customer) throw new CapsError('unknown-parcel');
        assertOpen();
        return (line) => live({ customer, token }, wordsFor(request), line);
      });
    },
    get connections() {
      return pages.connections;
    },
    close() {
      isClosed = true;
      pages.close();
    },
  };
}

/** A page that could not be shown tries again after these seconds. */
const comeAgain = { 'retry-after': '5', refresh: '5' };

/** @returns `not now` for a page whose customer cannot be looked up */
async function visitOrNotNow(
  request: IncomingMessage,
  token: string,
  options: TrackDoorOptions,
  wantsLive: boolean,
): Promise<Visit | 'not now' | undefined> {
  try {
    const customer = await customerOf(request, token, options);
    return customer && { customer, token };
  } catch (error) {
    if (wantsLive || !isAway(error)) throw error;
    return 'not now';
  }
}

/** Limited per address: somebody who guesses links has a new one each time. */
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

/** Requests were checked before they got here; upgrades were not. */
function assertOurs(
  request: IncomingMessage,
  origins: OriginPolicy,
  { presence, addressOf }: TrackDoorOptions,
): void {
  const { host, origin } = request.headers;
  if (origins.isOurHost(host) && origins.isOurOrigin(origin, host)) return;
  presence.notice('refused', 'rest', notOurs, { code: 'not-allowed', who: addressOf(request) });
  throw new CapsError('not-allowed');
}

/** Keeps the page up to date until its line is closed. */
function follow(hub: Hub, customer: Customer, page: LivePage, line: Line): void {
  const subscription = hub.subscribe(customer, undefined, page, () => {});
  // A log that cannot be read ends the line, so that the page says as of when it is.
  const forget = hub.outage.watch(page);
  line.onceClosed(() => {
    subscription.close();
    forget();
    page.close();
  });
}

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

  get connections(): LongConnection[] {
    return [...this.#all];
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
 * One open page. Messages from the feed only mark its state as stale; it is rendered again once the network has taken
 * the last one. So nothing is ever queued.
 */
class LivePage implements Sink, LongConnection {
  readonly isBusy = false;
  readonly queued = 0;
  readonly queuedSize = 0;
  readonly #line: Line;
  readonly #pages: LivePages;
  readonly #clock: Clock;
  readonly #look: () => Promise<TrackView>;
  readonly #onFault: TrackDoorOptions['onFault'];
  #isStale = false;
  #isSending = false;
  #isClosed = false;
  /** The state as it was last sent. */
  #shown = '';
  #missedBeat = false;
  #cancelTurn: (() => void) | undefined;
  #wake: (() => void) | undefined;

  constructor(
    line: Line,
    pages: LivePages,
    clock: Clock,
    look: () => Promise<TrackView>,
    onFault: TrackDoorOptions['onFault'],
  ) {
    this.#line = line;
    this.#pages = pages;
    this.#clock = clock;
    this.#look = look;
    this.#onFault = onFault;
    pages.open(this);
  }

  /** After `welcome`, the snapshot of a fresh start repeats what the page shows. */
  send({ name }: Message): void {
    if (name !== 'parcels') this.refresh();
  }

  refresh(): void {
    this.#isStale = true;
    if (!this.#isSending) void this.#sendStates();
  }

  async drained(): Promise<void> {}

  /** Cuts off a page that has taken nothing for two heartbeats, whatever its connection says. */
  beat(): void {
    if (!this.#line.isFull) this.#line.write('beat');
    else if (this.#missedBeat) this.#line.destroy();
    this.#missedBeat = this.#line.isFull;
  }

  fail(): void {
    this.close();
    this.#line.end();
  }

  sendAway(retryAfterMs: number): void {
    this.close();
    this.#line.end(retryAfterMs);
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
      // The log could not be read. The page keeps what it shows and reconnects.
      if (!isAway(error)) this.#onFault(error, 'a customer’s page could not be shown');
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

  /** Waits until the network has taken the last state, and for the pause. */
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
