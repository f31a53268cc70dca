import {
  type Client,
  type ClientOptions,
  connect,
  type Identity,
  type NewCommand,
} from '../client/client.ts';
import type { Dial } from '../client/socketio-wire.ts';
import { readCursor, uuidv7 } from '../protocol/ids.ts';
import type { Answer, CapsRecord, Command } from '../protocol/messages.ts';
import type { Order, ParcelId } from '../protocol/orders.ts';
import type { Chance } from './chance.ts';
import type { History, IssuedCommand, Watcher } from './history.ts';
import { type Feed, parcelText } from './log.ts';

export type CommandWithId = Command & { id: string };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface MutableWatcher extends Mutable<Omit<Watcher, 'seen' | 'stretches'>> {
  readonly seen: Watcher['seen'][number][];
  readonly stretches: number[];
}

/** An SDK client whose commands and records are all recorded. */
export interface RecordedClient {
  readonly client: Client;
  /** Drivers only: offers that it believes to be open. */
  readonly offers: ReadonlyMap<string, Offer>;
  command(command: NewCommand): Promise<Answer>;
  /** From now on it may miss records. */
  leave(): void;
}

export interface Offer {
  readonly key: ParcelId;
  readonly rev: number;
  /** The shop's note in the order. */
  readonly note: string;
}

/** Makes clients and records what happens to them, for the history checker. */
export class Recorder {
  readonly commands: Mutable<IssuedCommand>[] = [];
  /** Number of refused cursors. */
  resets = 0;
  readonly #watchers: MutableWatcher[] = [];
  /** By name; only the latest of reconnecting ones. */
  readonly #clients = new Map<string, Client>();
  #answers = 0;
  #milestones: { at: number; reached: () => void }[] = [];
  readonly #boards = new Map<MutableWatcher, ReadonlyMap<string, Offer>>();
  readonly #dial: Dial | undefined;

  /** The last object heard for each seq, shared by all who heard the same. */
  readonly #shared: Map<string, { record: CapsRecord; text: string }> | undefined;

  /**
   * @param dial replaces the network for all clients
   * @param how `isSharing` keeps a record in memory once, however many hear it
   */
  constructor(dial?: Dial, { isSharing = false } = {}) {
    this.#dial = dial;
    this.#shared = isSharing ? new Map() : undefined;
  }

  connect(name: string, options: ClientOptions & { after?: string | undefined }): RecordedClient {
    const { identity, after } = options;
    const client = connect(this.#dial ? { dial: this.#dial, ...options } : options);
    this.#clients.set(name, client);
    const offers = new Map<string, Offer>();
    const watchers = feedsOf(identity).map((reads): MutableWatcher => {
      const watcher = this.#watcher(name, reads, readCursor(after ?? '')?.seq ?? 0);
      if (reads.feed === 'board') this.#boards.set(watcher, offers);
      return watcher;
    });
    let connection = 0;
    let started = after !== undefined;
    const startAt = (seq: number, last: boolean): void => {
      if (started) return;
      for (const watcher of watchers) watcher.from = seq;
      started = last;
    };

    client.on('reset', () => {
      this.resets += 1;
    });
    client.on('welcome', ({ head }) => {
      connection += 1;
      if (identity.role === 'admin') startAt(head, true);
    });
    client.on('parcels', ({ upTo, items, more }) => {
      startAt(upTo, !more);
      for (const item of items) if (item.status === 'ready') offers.set(...offerOf(item));
    });
    client.on('events', ({ feed, upTo, records, gone }) => {
      const watcher = watchers.find(({ reads }) => reads.feed === feed);
      if (!watcher) throw new Error(`${name} was told of "${feed}"`);
      for (const record of records) {
        watcher.seen.push({ connection, record: this.#kept(watcher.reads, record) });
      }
      if (feed !== 'board') return;
      watcher.stretches.push(upTo);
      for (const record of records) offers.set(...offerOf(record));
      for (const key of gone) offers.delete(parcelText(key));
    });

    return {
      client,
      offers,
      command: (command) => {
        const whole = { ...command, id: command.id ?? uuidv7() } as CommandWithId;
        return this.#issue(name, actorOf(identity), whole);
      },
      leave: () => {
        for (const watcher of watchers) watcher.toTheEnd = false;
        client.close();
      },
    };
  }

  /**
   * Records a reader that uses no SDK client.
   * @param from its place at the start, in the feed's own seqs
   * @returns call it for each record heard, with the number of the connection
   */
  watch(name: string, reads: Feed, from: number): (connection: number, record: CapsRecord) => void {
    const { seen } = this.#watcher(name, reads, from);
    return (connection, record) => void seen.push({ connection, record: this.#kept(reads, record) });
  }

  #kept(reads: Feed, record: CapsRecord): CapsRecord {
    if (!this.#shared) return record;
    const place = `${reads.feed === 'store' ? reads.store : ''} ${record.seq}`;
    const text = JSON.stringify(record);
    const known = this.#shared.get(place);
    if (known?.text === text) return known.record;
    this.#shared.set(place, { record, text });
    return record;
  }

  #watcher(client: string, reads: Feed, from: number): MutableWatcher {
    const watcher = { client, reads, from, toTheEnd: true, seen: [], stretches: [] };
    this.#watchers.push(watcher);
    return watcher;
  }

  /** Resolves when this many more commands were answered. */
  answered(more: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#milestones.push({ at: this.#answers + more, reached: resolve });
    return promise;
  }

  /** Sends some accepted commands again under their ids. */
  async repeat(count: number, chance: Chance): Promise<void> {
    const accepted = this.commands.filter(({ outcome }) => outcome.kind === 'ok');
    if (accepted.length === 0) return;
    const again = Array.from({ length: count }, () => chance.pick(accepted));
    await Promise.all(again.map(({ client, actor, command }) => this.#issue(client, actor, command)));
  }

  /** Number of accepted commands, and of those accepted only as duplicates. */
  tally(): { acked: number; knownAgain: number } {
    const accepted = this.commands.filter(({ outcome }) => outcome.kind === 'ok');
    const again = accepted.filter(({ outcome }) => outcome.kind === 'ok' && outcome.answer.duplicate);
    return { acked: accepted.length, knownAgain: again.length };
  }

  /** @param log the whole log at the end */
  history(log: History['log']): History {
    const watchers = this.#watchers.map((watcher) => {
      const offers = this.#boards.get(watcher);
      return offers ? { ...watcher, offers: [...offers.values()].map(({ key }) => key) } : watcher;
    });
    return { commands: this.commands, watchers, log };
  }

  get clients(): Client[] {
    return [...this.#clients.values()];
  }

  closeAll(): void {
    for (const client of this.clients) client.close();
  }

  #issue(name: string, actor: string, command: CommandWithId): Promise<Answer> {
    const client = this.#clients.get(name);
    if (!client) throw new Error(`nobody is called ${name}`);
    return this.issue(name, actor, command, () => client.command(command));
  }

  /**
   * Records a command that is sent without an SDK client.
   * @param send resolves with the answer; undefined for a client without answers
   */
  async issue<A extends Answer | undefined>(
    client: string,
    actor: string,
    command: CommandWithId,
    send: () => Promise<A>,
  ): Promise<A> {
    const issued: Mutable<IssuedCommand> = {
      client,
      actor,
      command,
      start: performance.now(),
      end: Number.POSITIVE_INFINITY,
      outcome: { kind: 'unknown' },
    };
    this.commands.push(issued);
    const answer = await send();
    issued.end = performance.now();
    if (!answer) issued.outcome = { kind: 'silent' };
    else if (answer.ok) issued.outcome = { kind: 'ok', answer };
    else if (!answer.error.retryable) issued.outcome = { kind: 'fail', code: answer.error.code };
    this.#answers += 1;
    this.#tellMilestones();
    return answer;
  }

  #tellMilestones(): void {
    const reached = this.#milestones.filter(({ at }) => at <= this.#answers);
    if (reached.length === 0) return;
    this.#milestones = this.#milestones.filter(({ at }) => at > this.#answers);
    for (const one of reached) one.reached();
  }
}

function offerOf({ payload, rev }: { payload: Order; rev: number }): [string, Offer] {
  const key = { store: payload.store, orderID: payload.orderID };
  return [parcelText(key), { key, rev, note: payload.note ?? '' }];
}

function actorOf(identity: Identity): string {
  switch (identity.role) {
    case 'vendor':
      return `vendor:${identity.store}`;
    case 'driver':
      return `driver:${identity.driver}`;
    case 'admin':
    case 'customer':
      return `${identity.role}:${identity.role}`;
  }
}

function feedsOf(identity: Identity): Feed[] {
  switch (identity.role) {
    case 'vendor':
      return [{ feed: 'store', store: identity.store }];
    case 'driver':
      return [{ feed: 'board' }, { feed: 'own', driver: identity.driver }];
    case 'admin':
      return [{ feed: 'log' }];
    case 'customer':
      // No proof checks what this reader sees.
      return [];
  }
}
