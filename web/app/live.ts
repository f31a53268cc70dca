import {
  type Client,
  type ClientOptions,
  type ConnectionState,
  connect,
  type Identity,
} from '../../client/client.ts';
import type { OutboxStorage } from '../../client/outbox.ts';
import { type Dial, socketIoWire } from '../../client/socketio-wire.ts';
import type { TransportMemory } from '../../client/transport-choice.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { keyOf } from './access-key.ts';
import { FrameStore, type Readable } from './frame-store.ts';
import { errorText } from './hub-answer.ts';
import { hubClock } from './hub-clock.ts';
import { fetchHubInfo, UnknownAddressError } from './hub-info.ts';
import { Rate } from './rate.ts';
import { safeLocalStorage } from './safe-storage.ts';

/** State of the connection badge. */
export type Badge =
  /** The first moments, in which a text would only flicker. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly perSecond: number; readonly rttMs: number | undefined }
  /** `at`: time of the next attempt, in milliseconds since 1970; undefined during an attempt. */
  | { readonly kind: 'reconnecting'; readonly at: number | undefined }
  | { readonly kind: 'offline' }
  /** The hub is there, and cannot record. */
  | { readonly kind: 'halted' }
  | { readonly kind: 'back'; readonly caughtUp: number }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  /** The hub asks for a key and this browser has none. */
  | { readonly kind: 'signed-out' }
  /** The hub does not know this page's address; `message` names the missing setting. */
  | { readonly kind: 'turned-away'; readonly message: string };

export interface LiveState {
  readonly badge: Badge;
  /** Whether the hub answers now. */
  readonly isUp: boolean;
  /** Whether the connection has been down for longer than `lostMs`. */
  readonly isLost: boolean;
  /** Commands without an answer yet. */
  readonly waiting: number;
  /** Since when the hub cannot record, or not even read: then nobody new is connected. */
  readonly outage: string | undefined;
}

/** Shorter interruptions and starts are not shown. */
const quietMs = 400;
const backMs = 3_000;
/** Longer interruptions get a banner. */
const lostMs = 2_000;

/** Remembers a network that blocks WebSockets, so that not every load has to find out. */
const transport: TransportMemory = {
  read: () => (safeLocalStorage.read('transport') === 'polling' ? 'polling' : undefined),
  write: (name) =>
    name === 'polling' ? safeLocalStorage.write('transport', name) : safeLocalStorage.forget('transport'),
};

/**
 * The connection, outside React: the client and the state that the page shows. Pages listen to `client` for records
 * and keep stores of their own.
 */
export class Live {
  readonly role: Identity['role'];
  readonly client: Client;
  readonly #state: FrameStore<LiveState>;
  readonly #rate = new Rate(Date.now());
  readonly #second: ReturnType<typeof setInterval>;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #troubleSince: number | undefined = Date.now();
  #wasLive = false;
  #backUntil = 0;
  #caughtUp = 0;
  #turnedAway: string | undefined;
  #outage: string | undefined;
  #isAsking = false;

  /**
   * @param after the cursor to resume from, or a promise of it; without it the page starts with a snapshot
   * @param storage keeps commands beyond the life of the page
   */
  constructor(
    identity: Identity,
    after?: ClientOptions['after'],
    dial?: Dial | undefined,
    storage?: OutboxStorage,
  ) {
    this.role = identity.role;
    const key = keyOf(identity.role);
    const who = key === undefined ? identity : { ...identity, key };
    const url = location.origin;
    const wire = dial ?? socketIoWire(url, transport);
    this.client = connect({ url, identity: who, after, storage, dial: wire, clock: hubClock });
    this.#state = new FrameStore((previous) => this.#take(previous));
    this.client.on('state', (state) => this.#stateCame(state));
    this.client.on('events', ({ records }) => {
      // Records of the catch-up did not happen now.
      if (this.client.state.kind === 'live') this.#rate.add(records.length, Date.now());
    });
    this.client.on('outbox', () => this.#state.touch());
    this.client.on('welcome', () => {
      this.#outage = undefined;
    });
    this.client.on('health', ({ since }) => {
      this.#outage = since;
    });
    this.#second = setInterval(() => this.#state.touch(), 1_000);
    this.#touchIn(quietMs);
  }

  get state(): Readable<LiveState> {
    return this.#state;
  }

  /** Ends the connection. Safe to call twice. */
  close(): void {
    clearInterval(this.#second);
    for (const timer of this.#timers) clearTimeout(timer);
    this.client.close();
    this.#state.close();
  }

  #stateCame(state: ConnectionState): void {
    const now = Date.now();
    if (state.kind !== 'live') {
      if (this.#troubleSince === undefined) {
        this.#troubleSince = now;
        this.#touchIn(quietMs);
        this.#touchIn(lostMs);
      }
      if (state.kind === 'waiting' && (!this.#wasLive || this.#isLost)) void this.#askWhy();
    } else if (this.#troubleSince !== undefined) {
      if (this.#wasLive && now - this.#troubleSince >= quietMs) {
        this.#backUntil = now + backMs;
        this.#caughtUp = state.caughtUp;
        this.#touchIn(backMs);
      }
      this.#troubleSince = undefined;
      this.#wasLive = true;
      this.#turnedAway = undefined;
    }
    this.#state.touch();
  }

  get #isLost(): boolean {
    return this.#troubleSince !== undefined && Date.now() - this.#troubleSince >= lostMs;
  }

  /** Asks over REST why a WebSocket was refused: browsers do not tell. */
  async #askWhy(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const said = await fetchHubInfo().catch((error: Error) => error);
    this.#isAsking = false;
    // A welcome that came meanwhile knows better.
    if (this.#troubleSince === undefined) return;
    this.#outage = 'outage' in said ? said.outage?.since : undefined;
    this.#turnedAway = said instanceof UnknownAddressError ? said.message : undefined;
    this.#state.touch();
  }

  #touchIn(ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#state.touch();
    }, ms);
    this.#timers.add(timer);
  }

  #take(previous: LiveState | undefined): LiveState {
    const badge = this.#badge(previous?.badge ?? { kind: 'quiet' });
    const isUp = this.client.state.kind === 'live';
    // Not of a short interruption.
    const outage = isUp || this.#isLost ? this.#outage : undefined;
    const state = { badge, isUp, isLost: this.#isLost, waiting: this.client.waiting, outage };
    return previous && isSame(previous, state) ? previous : state;
  }

  #badge(shown: Badge): Badge {
    const state = this.client.state;
    const now = Date.now();
    if (state.kind === 'refused') {
      if (state.error.code === 'unauthorized' && keyOf(this.role) === undefined)
        return { kind: 'signed-out' };
      return {
        kind: 'refused',
        code: state.error.code,
        message: errorText(state.error),
      };
    }
    if (state.kind === 'live') {
      if (this.#outage !== undefined) return { kind: 'halted' };
      if (now < this.#backUntil) return { kind: 'back', caughtUp: this.#caughtUp };
      return { kind: 'live', perSecond: this.#rate.perSecond(now), rttMs: state.rttMs };
    }
    if (this.#turnedAway !== undefined) return { kind: 'turned-away', message: this.#turnedAway };
    // The browser says so itself, so show it at once.
    if (navigator.onLine === false) return { kind: 'offline' };
    if (this.#troubleSince !== undefined && now - this.#troubleSince < quietMs) return shown;
    if (state.kind === 'waiting') return { kind: 'reconnecting', at: state.at };
    return this.#wasLive ? { kind: 'reconnecting', at: undefined } : { kind: 'connecting' };
  }
}

function isSame(a: LiveState, b: LiveState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
