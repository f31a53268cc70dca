/**
 * The hub: append first, get a number, then every reader is a cursor.
 *
 *     submit ─▶ queue ─▶ one transaction for all that wait (decide, append, sync) ─▶ answers ─▶ feeds
 *     subscribe ─▶ what is open now, or everything since a cursor ─▶ live
 *     read ─▶ pages of the log, lists of parcels, one parcel's life
 *
 * It knows no sockets and no SQL. Clock and store are arguments.
 */

import { CapsError } from '../protocol/errors.ts';
import { cursorOf, readCursor } from '../protocol/ids.ts';
import { limits, PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Answer, CapsRecord, Command, ParcelKey, ParcelView, Welcome } from '../protocol/messages.ts';
import { type Actor, byOf, maySee, viewOf as parcelViewOf } from '../protocol/parcel.ts';
import { matches, type Term } from '../protocol/search.ts';
import { viewOf } from './access.ts';
import type { Clock } from './clock.ts';
import { type Door, decideBatch, type Job, type Outcome, wantedOf } from './commit.ts';
import { Feeds, type Outlet, type Sink, type Subscriber } from './feed.ts';
import type { Page, ParcelQuery, Row, Scope, Store } from './store/store.ts';

export interface HubOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Told of what is a bug or a fault of the machine; what clients do wrong is answered to them. */
  readonly onFault: (error: unknown, what: string) => void;
}

export interface Hub {
  /** Of the log; the first half of every cursor. */
  readonly epoch: string;
  /** False from a commit that failed until one that succeeds. */
  readonly writable: boolean;
  /**
   * Asks that commands be recorded. What a door has already refused stands among them as its error, so that the
   * answers come in the order of the commands. Resolves when all that is recorded is on disk; never rejects.
   */
  submit(actor: Actor, door: Door, commands: readonly (Command | CapsError)[]): Promise<Answer[]>;
  /**
   * Sends `welcome`, then what is open now, or all that followed `after`, then everything live.
   * @param after `"<epoch>.<seq>"` or `0`; one that cannot be honoured is answered by `reset` and a fresh start
   */
  subscribe(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription;
  read: Reads;
  /** A door's way to everyone in a room. */
  attach(outlet: Outlet): void;
  broadcast: Feeds['broadcast'];
  /** Refuses new commands, commits and answers what waits, publishes it. Safe to call twice. */
  close(): Promise<void>;
}

export interface Subscription {
  /** Safe to call twice. */
  close(): void;
}

export interface Reads {
  /** A page of the records that the actor may see. @throws CapsError bad-cursor */
  events(actor: Actor, query: EventsQuery): Promise<EventsPage>;
  /** A page of the parcels that the actor may see. @throws CapsError bad-cursor */
  parcels(actor: Actor, query: ParcelsQuery): Promise<{ items: ParcelView[]; next: string | null }>;
  /** One parcel and its whole life. @throws CapsError unknown-parcel */
  life(actor: Actor, key: ParcelKey): Promise<{ parcel: ParcelView; records: CapsRecord[] }>;
}

export interface EventsQuery {
  /** Cursor or seq; neither: the newest page. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  readonly terms: readonly Term[];
}

export interface EventsPage {
  /** Ascending. */
  readonly items: CapsRecord[];
  /** Where to go on forwards (`after`); there may be nothing there yet. */
  readonly next: string;
  /** Where to go on backwards (`before`); null at the beginning of the log. */
  readonly prev: string | null;
}

export type ParcelsQuery = Pick<ParcelQuery, 'store' | 'holder' | 'statuses' | 'limit' | 'from'>;

/** Records that one search looks at before it answers with what it has and a cursor to go on from. */
const searchedMax = 50_000;

export async function createHub({ store, clock, onFault }: HubOptions): Promise<Hub> {
  const { seq } = await store.head();
  return new LogHub(store, clock, onFault, new Feeds(store, clock, seq));
}

class LogHub implements Hub {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFault: HubOptions['onFault'];
  readonly #feeds: Feeds;
  readonly #queue: Job[] = [];
  readonly #subscribers = new Set<Subscription>();
  #committing = false;
  #closing = false;
  #idle: (() => void)[] = [];
  writable = true;

  constructor(store: Store, clock: Clock, onFault: HubOptions['onFault'], feeds: Feeds) {
    this.#store = store;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#feeds = feeds;
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  attach(outlet: Outlet): void {
    this.#feeds.attach(outlet);
  }

  readonly broadcast: Feeds['broadcast'] = (room, message, json) =>
    this.#feeds.broadcast(room, message, json);

  // ---- submit ----

  submit(actor: Actor, door: Door, commands: readonly (Command | CapsError)[]): Promise<Answer[]> {
    return new Promise((resolve) => {
      const answers: Answer[] = [];
      let missing = commands.length;
      if (missing === 0) resolve(answers);
      const by = byOf(actor);
      const sender = `${by.role}:${by.id}`;
      const refusal = this.#refusal(commands.length);
      for (const [index, command] of commands.entries()) {
        const settle = (answer: Answer) => {
          answers[index] = answer;
          missing -= 1;
          if (missing === 0) resolve(answers);
        };
        const error = command instanceof CapsError ? command : refusal;
        if (error) settle({ ok: false, error: error.toWire() });
        else if (!(command instanceof CapsError))
          this.#queue.push({ actor, by, sender, door, command, settle });
      }
      this.#wake();
    });
  }

  #refusal(count: number): CapsError | undefined {
    if (this.#closing) return new CapsError('unavailable', 'The hub is stopping; it will be back.');
    return this.#queue.length + count > limits.waitingCommands ? new CapsError('busy') : undefined;
  }

  /** Everything that comes in during a turn, or while a commit is under way, goes into the next commit. */
  #wake(): void {
    if (this.#committing || this.#queue.length === 0) return;
    this.#committing = true;
    this.#clock.soon(() => void this.#commit());
  }

  async #commit(): Promise<void> {
    const jobs = this.#queue.splice(0, limits.batch);
    try {
      const { rows, result } = await this.#store.commit(wantedOf(jobs), (found) =>
        decideBatch(jobs, found, this.#clock.now(), this.#onFault),
      );
      this.writable = true;
      for (const [index, job] of jobs.entries()) job.settle(answerOf(result[index], rows, job.actor));
      this.#feeds.publish(rows);
    } catch (error) {
      this.writable = false;
      this.#onFault(error, 'a commit failed');
      const answer: Answer = { ok: false, error: new CapsError('unavailable').toWire() };
      for (const job of jobs) job.settle(answer);
    }
    this.#committing = false;
    this.#wake();
    if (!this.#committing) for (const idle of this.#idle.splice(0)) idle();
  }

  // ---- subscribe ----

  subscribe(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription {
    let closed = false;
    let subscriber: Subscriber | undefined;
    const subscription: Subscription = {
      close: () => {
        closed = true;
        subscriber?.close();
        this.#subscribers.delete(subscription);
      },
    };
    this.#subscribers.add(subscription);
    this.#start(actor, after, sink, () => closed).then(
      (place) => {
        if (!closed) subscriber = this.#feeds.subscribe(viewOf(actor), place, sink, onLag);
      },
      (error: unknown) => {
        this.#onFault(error, 'a subscription could not start');
        sink.fail();
      },
    );
    return subscription;
  }

  /** Says welcome and, on a fresh start, what is open. @returns the place from which the feed goes on */
  async #start(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    isClosed: () => boolean,
  ): Promise<number> {
    const head = await this.#store.headOf(viewOf(actor).scope);
    const place = after === undefined ? undefined : this.#placeOf(after, head);
    const welcome: Welcome = {
      protocol: PROTOCOL_VERSION,
      epoch: this.#store.epoch,
      head,
      actor: byOf(actor),
      ...(after !== undefined && place === undefined ? { reset: 'bad-cursor' as const } : {}),
    };
    if (isClosed()) return head;
    sink.send('welcome', JSON.stringify(welcome));
    if (place !== undefined) return place;
    // The dispatcher's page reads history itself, and all that is open may be a lot.
    if (actor.role !== 'admin') await this.#sendParcels(actor, head, sink, isClosed);
    return head;
  }

  /** Undefined where the cursor is of another log, from the future, or none. */
  #placeOf(after: string | 0, head: number): number | undefined {
    if (after === 0 || after === '0') return 0;
    const cursor = readCursor(after);
    return cursor?.epoch === this.#store.epoch && cursor.seq <= head ? cursor.seq : undefined;
  }

  async #sendParcels(actor: Actor, upTo: number, sink: Sink, isClosed: () => boolean): Promise<void> {
    let from: string | undefined;
    do {
      const query = { ...openTo(actor), order: 'oldest', from, limit: limits.page } as const;
      const page = await this.#store.parcels(query);
      if (isClosed()) return;
      const items = page.parcels.filter((parcel) => maySee(parcel.payload, actor)).map(parcelViewOf);
      from = page.next;
      sink.send('parcels', JSON.stringify({ upTo, items, more: from !== undefined }));
      if (from !== undefined) await sink.drained();
    } while (from !== undefined);
  }

  // ---- read ----

  readonly read: Reads = {
    events: async (actor, query) => {
      const { scope, sees } = viewOf(actor);
      const forwards = query.after !== undefined;
      const first = this.#firstPlace(query, await this.#store.headOf(scope));
      const wanted = query.limit;
      const found: CapsRecord[] = [];
      let place = first;
      let more = true;
      for (let looked = 0; more && found.length < wanted && looked < searchedMax; ) {
        const page: Page = await this.#store.read(
          scope,
          forwards ? { after: place, limit: limits.page } : { before: place, limit: limits.page },
        );
        looked += page.rows.length;
        more = page.more;
        for (const row of forwards ? page.rows : page.rows.toReversed()) {
          place = seqOf(scope, row);
          const record = sees(row) ? recordOf(scope, row) : undefined;
          if (record && matches(record, query.terms)) found.push(record);
          if (found.length === wanted) break;
        }
        await this.#turn();
      }
      const items = forwards ? found : found.reverse();
      const low = forwards ? (items[0]?.seq ?? first + 1) : place;
      const high = forwards ? place : (items.at(-1)?.seq ?? first - 1);
      return { items, next: this.#cursor(Math.max(0, high)), prev: low > 1 ? this.#cursor(low) : null };
    },

    parcels: async (actor, query) => {
      if (query.from !== undefined && !/^\d{1,15}$/.test(query.from)) throw new CapsError('bad-cursor');
      const page = await this.#store.parcels({ ...seenBy(actor, query), order: 'newest' });
      const items = page.parcels.filter((parcel) => maySee(parcel.payload, actor)).map(parcelViewOf);
      return { items, next: page.next ?? null };
    },

    life: async (actor, key) => {
      const parcel = maySee(key, actor) ? await this.#store.parcel(key) : undefined;
      if (!parcel) throw new CapsError('unknown-parcel');
      if (actor.role === 'driver' && !(parcel.status === 'ready' || parcel.drivers.includes(actor.driver))) {
        throw new CapsError('unknown-parcel');
      }
      const { scope } = viewOf(actor);
      const records: CapsRecord[] = [];
      let page: Page;
      do {
        const range = { after: records.length, limit: limits.page };
        page = await this.#store.read({ kind: 'parcel', parcel: key }, range);
        records.push(...page.rows.map((row) => recordOf(scope, row)));
      } while (page.more);
      return { parcel: parcelViewOf(parcel), records };
    },
  };

  /** Never past the end, because the page's own `next` would then skip what comes. */
  #firstPlace({ after, before }: EventsQuery, head: number): number {
    const given = after ?? before;
    const end = after === undefined ? head + 1 : head;
    if (given === undefined) return end;
    if (/^\d{1,15}$/.test(given)) return Math.min(Number(given), end);
    const cursor = readCursor(given);
    if (cursor?.epoch !== this.#store.epoch || cursor.seq > end) throw new CapsError('bad-cursor');
    return cursor.seq;
  }

  #cursor(seq: number): string {
    return cursorOf(this.#store.epoch, seq);
  }

  /** Lets commits go first between the pages of a long search. */
  #turn(): Promise<void> {
    return new Promise((resolve) => this.#clock.soon(resolve));
  }

  // ---- the end ----

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#committing) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#feeds.close();
    for (const subscriber of [...this.#subscribers]) subscriber.close();
  }
}

/** What a fresh start shows: the unfinished parcels of the scope. */
function openTo(actor: Actor): Pick<ParcelQuery, 'store' | 'unfinished' | 'boardOf'> {
  switch (actor.role) {
    case 'driver':
      return { boardOf: actor.driver };
    case 'vendor':
      return { store: actor.store, unfinished: true };
    case 'customer':
      return { store: actor.parcel.store, unfinished: true };
    default:
      return { unfinished: true };
  }
}

/** A query narrowed to what the actor may list. */
function seenBy(actor: Actor, query: ParcelsQuery): Omit<ParcelQuery, 'order'> {
  if (actor.role === 'vendor') return { ...query, store: actor.store };
  if (actor.role === 'driver') return { ...query, boardOf: actor.driver };
  return query;
}

function answerOf(outcome: Outcome | undefined, rows: readonly Row[], actor: Actor): Answer {
  if (!outcome) return { ok: false, error: new CapsError('internal').toWire() };
  if (outcome.kind === 'refused') return { ok: false, error: outcome.error.toWire() };
  const { rev, status, time } = outcome;
  const place = outcome.kind === 'recorded' ? rows[outcome.index] : outcome.place;
  if (!place) return { ok: false, error: new CapsError('internal').toWire() };
  const seq = actor.role === 'vendor' ? place.storeSeq : actor.role === 'customer' ? rev : place.seq;
  return outcome.duplicate
    ? { ok: true, duplicate: true, seq, rev, status, time }
    : { ok: true, seq, rev, status, time };
}

function seqOf(scope: Scope, row: Row): number {
  return scope.kind === 'store' ? row.storeSeq : scope.kind === 'parcel' ? row.rev : row.seq;
}

function recordOf(scope: Scope, row: Row): CapsRecord {
  return JSON.parse(`{"seq":${seqOf(scope, row)},${row.text}`) as CapsRecord;
}
