/**
 * A network between clients of the SDK and a hub, on which everything goes wrong that goes wrong on networks: messages
 * take their time, stand still for seconds, get lost, come twice or in another order; connections break, and each side
 * notices when it notices.
 *
 * What comes after what, and what may be lost alone: `events` may be dropped, doubled and overtaken, as by whatever
 * stands between several hubs. Everything else keeps its order, as on a stream, and is lost only with its connection.
 * A batch of commands may come a second time, and seconds after its connection has ended.
 */

import type { Dial, Wire, WireHandlers } from '../../client/socketio-wire.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { Answer, Command, Handshake, ServerToClient } from '../../protocol/messages.ts';
import type { Chance } from '../chance.ts';

/** All but the delay per thousand. */
export interface Weather {
  /** Minimum and maximum per message. */
  readonly delayMs: readonly [number, number];
  /** Messages that hold up everything after them for seconds. */
  readonly stalls: number;
  /** Lost frames on a live connection. */
  readonly drops: number;
  /** Frames and batches delivered twice. */
  readonly doubles: number;
  /** Frames overtaken by later ones. */
  readonly overtaken: number;
  /** Messages that break their connection. */
  readonly breaks: number;
  /** Failing attempts to connect. */
  readonly refusals: number;
}

const none = { stalls: 0, drops: 0, doubles: 0, overtaken: 0, breaks: 0, refusals: 0 };
export const calm: Weather = { delayMs: [0, 5], ...none };

/** How often each fault happened. */
export type Mischief = Record<Exclude<keyof Weather, 'delayMs'> | 'late', number>;

/** The hub's side of one connection. */
export interface HubEnd {
  commands(batch: unknown): Promise<Answer[]>;
  /** The connection has ended. Called once. */
  closed(): void;
}

/** The network's side of one connection, for the hub. */
export interface HubLine {
  send(message: keyof ServerToClient, json: string): void;
  readonly queued: number;
  readonly queuedSize: number;
  drained(): Promise<void>;
  /** Ends the connection, with an error for the client if given. */
  end(error?: WireError): void;
}

export type Accept = (line: HubLine, handshake: unknown) => HubEnd;

const stallMs = [1_000, 20_000] as const;
const overtakenMs = [1, 400] as const;
/** Delay of a duplicate batch. */
const againMs = [0, 8_000] as const;
/** Time until a side notices that the other is gone. */
const clientNoticesMs = [0, 5_000] as const;
const hubNoticesMs = [0, 20_000] as const;

export class SimulatedNetwork {
  weather: Weather = calm;
  readonly mischief: Mischief = { ...none, late: 0 };
  readonly chance: Chance;
  readonly #lines = new Set<Line>();
  #accept: Accept | undefined;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  /**
   * Connects clients to this hub from now on; undefined means that no hub listens, and open connections will find
   * out.
   */
  listen(accept: Accept | undefined): void {
    this.#accept = accept;
    for (const line of [...this.#lines]) line.hubIsGone();
  }

  get accept(): Accept | undefined {
    return this.#accept;
  }

  /** Breaks every connection. */
  breakAll(): void {
    for (const line of [...this.#lines]) line.cut();
  }

  readonly dial: Dial = (handlers): Wire => {
    let line: Line | undefined;
    return {
      open: (handshake) => {
        line?.hangUp();
        line = new Line(this, handlers, handshake, (it) => this.#lines.delete(it));
        this.#lines.add(line);
      },
      send: (batch) => line?.ask(batch) ?? Promise.resolve(undefined),
      offers: () => Promise.resolve(undefined),
      duty: () => {},
      close: () => line?.hangUp(),
    };
  };

  /** Whether the fault happens this time. */
  strikes(kind: keyof Mischief & keyof Weather): boolean {
    const happens = this.chance.int(1, 1_000) <= this.weather[kind];
    if (happens) this.mischief[kind] += 1;
    return happens;
  }

  between([min, max]: readonly [number, number]): number {
    return this.chance.int(min, max);
  }
}

/** One attempt to connect, and its connection. */
class Line implements HubLine {
  readonly #network: SimulatedNetwork;
  readonly #handlers: WireHandlers;
  readonly #forget: (line: Line) => void;
  #hub: HubEnd | undefined;
  /** The client has closed it, or knows that it has ended. */
  #isClientGone = false;
  /** Nothing reaches the client any more. */
  #isCut = false;
  /** Arrival of the latest message in each direction; later ones do not overtake it. */
  #upAt = 0;
  #downAt = 0;
  #queued = 0;
  #queuedSize = 0;
  readonly #draining: (() => void)[] = [];
  readonly #unanswered = new Set<(nothing: undefined) => void>();

  constructor(
    network: SimulatedNetwork,
    handlers: WireHandlers,
    handshake: Handshake,
    forget: (line: Line) => void,
  ) {
    this.#network = network;
    this.#handlers = handlers;
    this.#forget = forget;
    const json = JSON.stringify(handshake);
    this.#up(() => {
      const { accept } = network;
      if (this.#isClientGone) this.#end();
      else if (!accept || network.strikes('refusals')) this.#tellClient();
      else this.#hub = accept(this, JSON.parse(json));
    });
  }

  // ---- the client's end ----

  ask(batch: readonly Command[]): Promise<Answer[] | undefined> {
    if (this.#isClientGone || this.#isCut) return this.#silence();
    const json = JSON.stringify(batch);
    const { promise, resolve } = Promise.withResolvers<Answer[] | undefined>();
    this.#unanswered.add(resolve);
    this.#up(() => {
      void this.#hub?.commands(JSON.parse(json)).then((answers) => {
        const text = JSON.stringify(answers);
        this.#down(() => {
          this.#unanswered.delete(resolve);
          resolve(JSON.parse(text) as Answer[]);
        });
      });
    });
    if (batch.length > 0 && this.#network.strikes('doubles')) this.#comesAgain(json);
    if (this.#network.strikes('breaks')) this.cut();
    return promise;
  }

  /** A silently broken connection answers nothing until its client notices. */
  #silence(): Promise<undefined> {
    if (this.#isClientGone) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#unanswered.add(resolve));
  }

  #comesAgain(json: string): void {
    const hub = this.#hub;
    setTimeout(() => {
      if (hub !== this.#hub) return;
      if (this.#isClientGone) this.#network.mischief.late += 1;
      void hub?.commands(JSON.parse(json));
    }, this.#network.between(againMs));
  }

  /** Without a message to the client. Safe to call twice. */
  hangUp(): void {
    if (this.#isClientGone) return;
    this.#clientIsGone();
    // What was sent before still arrives, then the end.
    this.#up(() => this.#end());
  }

  #tellClient(error?: WireError): void {
    if (this.#isClientGone) return;
    this.#clientIsGone();
    this.#end();
    this.#handlers.down(error);
  }

  #clientIsGone(): void {
    this.#isClientGone = true;
    for (const giveUp of this.#unanswered) giveUp(undefined);
    this.#unanswered.clear();
  }

  // ---- in between ----

  /** Nothing gets through from now on; messages on their way to the hub may have. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    const hubKnowsMs = this.#network.between(hubNoticesMs);
    setTimeout(() => {
      if (!this.#isClientGone) {
        this.#clientIsGone();
        this.#handlers.down(undefined);
      }
      setTimeout(() => this.#end(), hubKnowsMs);
    }, this.#network.between(clientNoticesMs));
  }

  #up(arrive: () => void): void {
    this.#upAt = this.#arrival(this.#upAt);
    setTimeout(arrive, this.#upAt - Date.now());
  }

  #down(arrive: () => void): void {
    this.#downAt = this.#arrival(this.#downAt);
    setTimeout(() => {
      if (!this.#isCut && !this.#isClientGone) arrive();
    }, this.#downAt - Date.now());
  }

  #arrival(notBefore: number): number {
    const stall = this.#network.strikes('stalls') ? this.#network.between(stallMs) : 0;
    return Math.max(notBefore, Date.now() + stall + this.#network.between(this.#network.weather.delayMs));
  }

  // ---- the hub's end ----

  send(message: keyof ServerToClient, json: string): void {
    if (!this.#hub && message !== 'welcome') return;
    const arrive = () => {
      if (!this.#isCut && !this.#isClientGone) this.#handlers[message](JSON.parse(json));
    };
    this.#queued += 1;
    this.#queuedSize += json.length;
    const isLost = message === 'events' && this.#network.strikes('drops');
    const isOvertaken = message === 'events' && this.#network.strikes('overtaken');
    this.#downAt = this.#arrival(this.#downAt);
    setTimeout(() => {
      this.#queued -= 1;
      this.#queuedSize -= json.length;
      if (this.#queued === 0) this.#isDrained();
      if (isOvertaken) setTimeout(arrive, this.#network.between(overtakenMs));
      else if (!isLost) arrive();
    }, this.#downAt - Date.now());
    if (message !== 'events') return;
    if (this.#network.strikes('doubles')) this.#down(arrive);
    if (this.#network.strikes('breaks')) this.cut();
  }

  get queued(): number {
    return this.#queued;
  }

  get queuedSize(): number {
    return this.#queuedSize;
  }

  drained(): Promise<void> {
    if (this.#queued === 0 || !this.#hub) return Promise.resolve();
    return new Promise((resolve) => this.#draining.push(resolve));
  }

  #isDrained(): void {
    for (const resolve of this.#draining.splice(0)) resolve();
  }

  end(error?: WireError): void {
    this.#down(() => this.#tellClient(error));
    this.#end();
  }

  /** What the hub sent still arrives. */
  hubIsGone(): void {
    if (this.#hub) this.end();
  }

  #end(): void {
    const hub = this.#hub;
    this.#hub = undefined;
    this.#isDrained();
    hub?.closed();
    this.#forget(this);
  }
}
