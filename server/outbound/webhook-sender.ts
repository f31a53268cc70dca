/**
 * Posts the log to webhooks. Each has its own place, and its records go out in order, one at a time:
 *
 *     record ─▶ post ──2xx──▶ note ─▶ next record
 *                └──else──▶ note, wait longer each time ──after three days──▶ pause, tell dispatch
 *
 * A few webhooks are served at once, each for a short turn. Without a webhook nothing runs.
 */

import type { CapsRecord } from '../../protocol/messages.ts';
import type { WebhookReason } from '../../protocol/webhooks.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { type FollowedHub, Follower } from './follower.ts';
import type { HttpClient, SendResult } from './http-client.ts';
import { Lease } from './lease.ts';
import { failedAgain, isDue, threeDays } from './retry-times.ts';
import { Line, type LineState } from './webhook-line.ts';
import {
  bodyOf,
  type KeptWebhook,
  keptIn,
  messageIdOf,
  type Outcome,
  ownerOf,
  signed,
  tryRow,
  type WebhookMemory,
  webhookPages,
  webhookPlace,
  webhookTopic,
} from './webhook-rows.ts';

export interface WebhookSenderOptions {
  readonly store: Pick<Store, 'outbound' | 'leases' | 'keys' | 'headOf' | 'read' | 'secret'>;
  readonly hub: FollowedHub & { readonly writable: boolean };
  readonly client: Pick<HttpClient, 'post'>;
  readonly clock: Clock;
  readonly isKeyed: boolean;
  readonly onFault: (error: unknown, what: string) => void;
  /** Nothing is sent to it any more. */
  readonly onPaused: (
    webhook: { readonly id: string; readonly store?: string | undefined },
    why: WebhookReason,
  ) => void;
  /** From 0 to 1; random by default. */
  readonly chance?: () => number;
}

export interface WebhookCounts {
  /** Tries since the hub started, by what came of them. */
  readonly tries: Readonly<Record<'taken' | 'refused' | 'failed', number>>;
  /** Webhooks that this hub sends to. */
  readonly webhooks: Readonly<Record<LineState, number>>;
}

/** Webhooks that are served at once, all and those of one store or of dispatch. */
const slotsMax = 16;
const slotsPerOwner = 4;
/** A turn of one webhook ends after this, and others come. */
const turnRecords = 64;
const turnMs = 2_000;
/** The records of this time are looked at together. */
const gatherMs = 50;
const roundMs = 60_000;
/** After a fault of the hub's own. */
const restMs = 10_000;
/** A log that has grown more is not searched for the stores that it is about. */
const grownMax = 2_000;

export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #lease: Lease;
  readonly #lines = new Map<string, Line>();
  readonly #queue: Line[] = [];
  readonly #running = new Map<Line, Promise<void>>();
  readonly #tries = { taken: 0, refused: 0, failed: 0 };
  #seen = 0;
  #isWatching = false;
  #endWatch: () => void = () => {};
  #isLoading = false;
  #isWanted = false;
  #cancelRound: (() => void) | undefined;
  #isClosed = false;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    const { store, clock } = options;
    this.#lease = new Lease({
      ...{ name: 'webhooks', leases: store.leases, clock },
      onTaken: () => this.changed(),
    });
    this.changed();
  }

  get counts(): WebhookCounts {
    const webhooks = { active: 0, failing: 0, paused: 0 };
    if (this.#lease.isHeld) for (const { state } of this.#lines.values()) webhooks[state] += 1;
    return { tries: { ...this.#tries }, webhooks };
  }

  get #isOn(): boolean {
    return !this.#isClosed && this.#lease.isHeld && this.#options.hub.writable;
  }

  /** A webhook was made, changed, resumed, removed, by whichever hub. */
  changed(): void {
    this.#isWanted = true;
    if (!this.#isLoading && !this.#isClosed) void this.#loadAll();
  }

  async #loadAll(): Promise<void> {
    const { clock, onFault, isKeyed, store } = this.#options;
    this.#isLoading = true;
    this.#cancelRound?.();
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      try {
        await this.#load();
      } catch (error) {
        // The store may fail while it is closing.
        if (!this.#isClosed) onFault(error, 'the webhooks could not be read');
      }
    }
    this.#isLoading = false;
    // The word of other hubs may be lost, and a key of a webhook for which nothing comes may be revoked.
    const isNeeded = store.leases !== undefined || (isKeyed && this.#lines.size > 0);
    if (isNeeded && !this.#isClosed) this.#cancelRound = clock.after(roundMs, () => this.changed());
  }

  async #load(): Promise<void> {
    const { store, hub } = this.#options;
    await hub.turns.next();
    if (this.#isClosed) return;
    if ((await store.outbound.count(webhookTopic)) === 0) {
      this.#drop(new Set());
      await this.#lease.leave();
      return;
    }
    this.#lease.want();
    if (!this.#lease.isHeld) {
      this.#drop(new Set());
      return;
    }
    this.#seen = Math.max(this.#seen, hub.head);
    const there = new Set<string>();
    for await (const rows of webhookPages(store.outbound)) {
      for (const { id, text } of rows) {
        there.add(id);
        this.#take(id, keptIn(text));
      }
      await hub.turns.next();
    }
    this.#drop(there);
    for (const line of this.#lines.values()) this.#wake(line);
    void this.#watch();
  }

  #take(id: string, kept: KeptWebhook): void {
    const line = this.#lines.get(id) ?? new Line(id, kept);
    this.#lines.set(id, line);
    line.kept = kept;
    line.isStale = true;
  }

  /** All but these. */
  #drop(there: ReadonlySet<string>): void {
    for (const [id, line] of this.#lines) {
      if (there.has(id)) continue;
      this.#lines.delete(id);
      line.cancel?.();
    }
  }

  // ---- the log grows ----

  /** Waits for the log, then a moment for more of it, and again. */
  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { hub, clock } = this.#options;
    while (this.#lines.size > 0 && !this.#isClosed) {
      await hub.beyond(this.#seen);
      await this.#look();
      await new Promise<void>((resolve) => {
        const cancel = clock.after(gatherMs, resolve);
        this.#endWatch = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#isWatching = false;
  }

  async #look(): Promise<void> {
    const { head } = this.#options.hub;
    if (!this.#isOn || head <= this.#seen) return;
    try {
      const stores = await this.#storesUpTo(head);
      this.#seen = head;
      for (const line of this.#lines.values()) {
        const { store } = line.kept;
        const isOf = store === undefined || !stores || stores.has(store);
        if (isOf && line.state !== 'paused') this.#wake(line);
      }
    } catch {
      // The store is away, which others report: it is looked at again.
    }
    // What waited until the log could be written again.
    this.#fill();
  }

  /** The stores of new records; undefined: any. */
  async #storesUpTo(head: number): Promise<ReadonlySet<string> | undefined> {
    const isOfStores = [...this.#lines.values()].some(({ kept }) => kept.store !== undefined);
    if (!isOfStores || head - this.#seen > grownMax) return undefined;
    const { store, hub } = this.#options;
    const stores = new Set<string>();
    for (let after = this.#seen; after < head; ) {
      await hub.turns.next();
      const { rows } = await store.read({ kind: 'all' }, { after, limit: 200, sizeMax: 128 * 1024 });
      for (const row of rows) stores.add(row.store);
      const last = rows.at(-1)?.seq;
      // A damaged record's store is not known.
      if (last === undefined || last - after !== rows.length) return undefined;
      after = last;
    }
    return stores;
  }

  // ---- turns ----

  #wake(line: Line): void {
    line.cancel?.();
    line.isWoken = true;
    if (line.isRunning || line.isWaiting) return;
    line.isWaiting = true;
    this.#queue.push(line);
    this.#fill();
  }

  #fill(): void {
    while (this.#running.size < slotsMax && this.#isOn) {
      const busy = Map.groupBy(this.#running.keys(), ({ owner }) => owner);
      const at = this.#queue.findIndex(({ owner }) => (busy.get(owner)?.length ?? 0) < slotsPerOwner);
      const [line] = at < 0 ? [] : this.#queue.splice(at, 1);
      if (!line) return;
      line.isWaiting = false;
      if (this.#lines.get(line.id) === line) this.#running.set(line, this.#run(line));
    }
  }

  async #run(line: Line): Promise<void> {
    const { clock, onFault } = this.#options;
    line.isRunning = true;
    line.isWoken = false;
    let isMore = false;
    try {
      isMore = await this.#turnOf(line);
    } catch (error) {
      line.isStale = true;
      if (!this.#isClosed) onFault(error, `nothing could be sent to the webhook ${line.id}`);
      line.cancel = clock.after(restMs, () => this.#wake(line));
    }
    line.follower?.rest();
    line.isRunning = false;
    this.#running.delete(line);
    if (isMore || line.isWoken) this.#wake(line);
    this.#fill();
  }

  #isThere(line: Line): boolean {
    return this.#isOn && this.#lines.get(line.id) === line;
  }

  /** @returns whether there is more to send at once */
  async #turnOf(line: Line): Promise<boolean> {
    const { clock, hub } = this.#options;
    const begin = clock.now();
    await hub.turns.next();
    for (let sent = 0; this.#isThere(line); ) {
      const follower = await this.#followerOf(line);
      const memory = memoryOf(follower);
      line.state = memory.status === 'active' ? (memory.failing ? 'failing' : 'active') : 'paused';
      if (memory.status !== 'active') return false;
      const { failing } = memory;
      if (failing && !isDue(threeDays, failing, clock.now())) {
        line.cancel = clock.after(failing.next - clock.now(), () => this.#wake(line));
        return false;
      }
      if (sent === 0 && (await this.#isRevoked(line.kept))) {
        await this.#pause(line, follower, 'key');
        return false;
      }
      const record = await follower.peek();
      const isOver = sent >= turnRecords || clock.now() - begin > turnMs;
      if (!record || isOver) {
        // What it wants nothing of has passed meanwhile.
        if (follower.isMoved && !(await follower.note(memory))) line.isStale = true;
        return record !== undefined;
      }
      if (line.kept.events?.includes(record.event) === false) follower.pass();
      else {
        await this.#send(line, follower, record);
        sent += 1;
      }
    }
    return false;
  }

  async #followerOf(line: Line): Promise<Follower> {
    if (line.follower && !line.isStale) return line.follower;
    const { store, hub } = this.#options;
    line.isStale = false;
    const actor = ownerOf(line.kept);
    line.follower = await Follower.open({ name: webhookPlace(line.id), actor, store, hub });
    return line.follower;
  }

  async #isRevoked({ credential }: KeptWebhook): Promise<boolean> {
    const { store, isKeyed } = this.#options;
    if (!isKeyed) return false;
    const [kind, key = ''] = credential.split(':');
    if (kind !== 'key') return kind === 'open';
    return (await store.keys.revokedAmong([key])).length > 0;
  }

  async #pause(line: Line, follower: Follower, reason: WebhookReason): Promise<void> {
    const memory: WebhookMemory = { status: 'paused', reason, tries: memoryOf(follower).tries };
    if (await follower.note(memory)) this.#paused(line, reason);
    else line.isStale = true;
  }

  #paused(line: Line, reason: WebhookReason): void {
    line.state = 'paused';
    this.#options.onPaused({ id: line.id, store: line.kept.store }, reason);
  }

  async #send(line: Line, follower: Follower, record: CapsRecord): Promise<void> {
    const { client, store, clock } = this.#options;
    const { id, kept } = line;
    const message = { messageId: messageIdOf(id, follower.epoch, record.seq), body: bodyOf(record) };
    const { headers, body } = signed({ id, kept, secret: store.secret }, { ...message, now: clock.now() });
    const result = await client.post(new URL(kept.url), headers, body);
    // The next hub sends it again.
    if (this.#isClosed || outcomeOf(result).fault === 'stopped') return;
    const before = memoryOf(follower);
    const memory = this.#after(before, result);
    if (memory.status === 'active' && !memory.failing) follower.pass();
    const row = tryRow(id, before.tries, {
      ...{ time: new Date(clock.now()).toISOString(), seq: record.seq, event: record.event },
      ...{ ...outcomeOf(result), ms: result.ms },
    });
    if (!(await follower.note(memory, [row]))) line.isStale = true;
    else if (memory.status !== 'active') this.#paused(line, memory.reason ?? 'failing');
  }

  #after({ failing, tries }: WebhookMemory, result: SendResult): WebhookMemory {
    const { clock, chance = Math.random } = this.#options;
    const { status } = outcomeOf(result);
    const isTaken = status !== undefined && status >= 200 && status <= 299;
    this.#tries[isTaken ? 'taken' : status === undefined ? 'failed' : 'refused'] += 1;
    const next = { tries: tries + 1 };
    if (isTaken) return { status: 'active', ...next };
    if (status === 410) return { status: 'disabled', reason: 'gone', ...next };
    const again = failedAgain(threeDays, failing, {
      ...{ now: clock.now(), chance: chance() },
      retryAfterMs: result.kind === 'answered' ? result.retryAfterMs : undefined,
    });
    if (!again) return { status: 'paused', reason: 'failing', ...next };
    return { status: 'active', failing: { ...again, ...outcomeOf(result) }, ...next };
  }

  /** Ends what is under way with the client, which is closed before. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endWatch();
    this.#cancelRound?.();
    for (const { cancel } of this.#lines.values()) cancel?.();
    await Promise.all(this.#running.values());
    await this.#lease.close();
  }
}

function memoryOf({ memory }: Follower): WebhookMemory {
  return memory as WebhookMemory;
}

export function outcomeOf(result: SendResult): Outcome {
  return result.kind === 'answered' ? { status: result.status } : { fault: result.fault };
}
