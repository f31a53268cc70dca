/** Webhooks: what their owners say of them. `webhook-sender.ts` sends. */

import { randomBytes } from 'node:crypto';
import { CapsError } from '../../protocol/errors.ts';
import type { Actor } from '../../protocol/parcel.ts';
import {
  type Delivery,
  type IssuedWebhook,
  type NewWebhook,
  type SendFault,
  type Webhook,
  type WebhookChange,
  type WebhookTest,
  webhookLimits,
} from '../../protocol/webhooks.ts';
import { type Access, viewOf } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { type FollowedHub, findPlace, type Place, placeRow } from './follower.ts';
import type { HttpClient } from './http-client.ts';
import {
  deliveriesOf,
  type KeptWebhook,
  keptIn,
  messageIdOf,
  noTries,
  oldSecretUntil,
  ownerOf,
  secretText,
  signed,
  type WebhookMemory,
  webhookPages,
  webhookPlace,
  webhookRow,
  webhookTopic,
} from './webhook-rows.ts';
import { outcomeOf } from './webhook-sender.ts';

export interface WebhooksOptions {
  readonly store: Pick<Store, 'outbound' | 'headOf' | 'secret'>;
  readonly hub: FollowedHub;
  readonly access: Pick<Access, 'credentialOf'>;
  readonly clock: Clock;
  /** Undefined: this hub sends nothing. */
  readonly client: Pick<HttpClient, 'post' | 'faultOf'> | undefined;
  /** Called after each change. */
  readonly onChange: () => void;
}

/** A change that others overtake is tried again. */
const changeTries = 10;
/** Tests under way at once. */
const testsMax = 4;

export class Webhooks {
  readonly #options: WebhooksOptions;
  #tests = 0;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /** A store's own; for admins all. @throws CapsError not-allowed */
  async list(actor: Actor): Promise<{ items: Webhook[] }> {
    const items: Webhook[] = [];
    for (const { id, kept } of await this.#all(actor)) {
      const shown = await this.#shown(id, kept);
      if (shown) items.push(shown);
      await this.#options.hub.turns.next();
    }
    return { items };
  }

  /** @returns undefined if there is none that the actor may see @throws CapsError not-allowed */
  async find(actor: Actor, id: string): Promise<Webhook | undefined> {
    const kept = await this.#kept(actor, id);
    return kept && this.#shown(id, kept);
  }

  /** Sends what comes from now on. @throws CapsError not-allowed, bad-message, too-large */
  async add(actor: Actor, wanted: NewWebhook): Promise<IssuedWebhook> {
    const { store, hub, access, clock, onChange } = this.#options;
    allow(actor);
    this.#check(wanted.url);
    await this.#makeSure(actor);
    const id = `wh_${randomBytes(8).toString('hex')}`;
    const owner = actor.role === 'vendor' ? { store: actor.store } : {};
    const credential = access.credentialOf(actor);
    const kept: KeptWebhook = { ...wanted, ...owner, createdAt: clock.now(), secrets: 1, credential };
    const of = ownerOf(kept);
    const memory: WebhookMemory = { status: 'active', tries: 0 };
    const place: Place = { epoch: hub.epochOf(of), seq: await store.headOf(viewOf(of).scope), memory };
    await store.outbound.write([webhookRow(id, kept), placeRow(webhookPlace(id), place)]);
    onChange();
    return { ...this.#view(id, kept, place, place.seq), secret: secretText(store.secret, id, 1) };
  }

  /** @throws CapsError as `add` */
  async change(actor: Actor, id: string, wanted: WebhookChange): Promise<Webhook | undefined> {
    if (wanted.url !== undefined) this.#check(wanted.url);
    const { url, events, description } = wanted;
    const kept = await this.#edit(actor, id, (before) => ({
      ...before,
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events: events ?? undefined }),
      ...(description === undefined ? {} : { description: description ?? undefined }),
    }));
    if (!kept) return undefined;
    // Another address has not failed yet.
    if (url !== undefined) await this.#move(id, (place) => without(place));
    return this.#told(id, kept);
  }

  /** @returns whether there was one */
  async remove(actor: Actor, id: string): Promise<boolean> {
    const { store, onChange } = this.#options;
    if (!(await this.#kept(actor, id))) return false;
    const rows = [webhookRow(id, undefined), placeRow(webhookPlace(id), undefined), ...noTries(id)];
    await store.outbound.write(rows);
    onChange();
    return true;
  }

  async pause(actor: Actor, id: string): Promise<Webhook | undefined> {
    const kept = await this.#kept(actor, id);
    if (!kept) return undefined;
    await this.#move(id, (place) => ({
      ...place,
      memory: { status: 'paused', reason: 'asked', tries: memoryOf(place).tries },
    }));
    return this.#told(id, kept);
  }

  /** Goes on where it stopped. From now on it is bound to the actor's key. */
  async resume(actor: Actor, id: string): Promise<Webhook | undefined> {
    const credential = this.#options.access.credentialOf(actor);
    const kept = await this.#edit(actor, id, (before) => ({ ...before, credential }));
    if (!kept) return undefined;
    await this.#move(id, (place) => without(place, { status: 'active' }));
    return this.#told(id, kept);
  }

  /** Sends this record and all after it, again where they were sent. @throws CapsError bad-message */
  async replay(actor: Actor, id: string, from: number): Promise<Webhook | undefined> {
    const kept = await this.#kept(actor, id);
    if (!kept) return undefined;
    const head = await this.#options.store.headOf(viewOf(ownerOf(kept)).scope);
    if (from > head) {
      throw new CapsError('bad-message', `from: The last seq is ${head}.`, { details: { field: 'from' } });
    }
    await this.#move(id, (place) => ({ ...without(place), seq: from - 1 }));
    return this.#told(id, kept);
  }

  /** Another secret; the one before stays valid for a day. */
  async rotate(actor: Actor, id: string): Promise<IssuedWebhook | undefined> {
    const { store, clock } = this.#options;
    const kept = await this.#edit(actor, id, (before) => ({
      ...before,
      secrets: before.secrets + 1,
      rotatedAt: clock.now(),
    }));
    const shown = kept && (await this.#told(id, kept));
    return shown && { ...shown, secret: secretText(store.secret, id, kept.secrets) };
  }

  /** The last tries, newest first. */
  async deliveries(actor: Actor, id: string): Promise<{ items: Delivery[] } | undefined> {
    if (!(await this.#kept(actor, id))) return undefined;
    return { items: await deliveriesOf(this.#options.store.outbound, id) };
  }

  /** Sends a message without a record, at once, from this hub. @throws CapsError not-allowed, busy */
  async test(actor: Actor, id: string): Promise<WebhookTest | undefined> {
    const { store, clock } = this.#options;
    const client = this.#client();
    const kept = await this.#kept(actor, id);
    if (!kept) return undefined;
    if (this.#tests >= testsMax) throw new CapsError('busy', 'Other webhooks are being tested; try again.');
    this.#tests += 1;
    try {
      const now = clock.now();
      const body = JSON.stringify({
        ...{ type: 'test', timestamp: new Date(now).toISOString() },
        data: { webhook: id },
      });
      const messageId = messageIdOf(id, 'test', now);
      const message = signed({ id, kept, secret: store.secret }, { messageId, body, now });
      const result = await client.post(new URL(kept.url), message.headers, body);
      const outcome = outcomeOf(result);
      const ok = outcome.status !== undefined && outcome.status >= 200 && outcome.status <= 299;
      return { ok, ...outcome, ms: result.ms };
    } finally {
      this.#tests -= 1;
    }
  }

  // ---- parts ----

  /** @throws CapsError not-allowed */
  #client(): NonNullable<WebhooksOptions['client']> {
    const { client } = this.#options;
    if (client) return client;
    throw new CapsError('not-allowed', 'This hub sends nothing to others: CAPS_OUTBOUND is off.', {
      details: { status: 409 },
    });
  }

  /** @throws CapsError not-allowed, bad-message */
  #check(url: string): void {
    const fault = this.#client().faultOf(new URL(url));
    if (fault !== undefined) throw badUrl(fault);
  }

  async #all(actor: Actor): Promise<{ id: string; kept: KeptWebhook }[]> {
    allow(actor);
    const { store, hub } = this.#options;
    const all: { id: string; kept: KeptWebhook }[] = [];
    for await (const rows of webhookPages(store.outbound)) {
      for (const { id, text } of rows) {
        const kept = keptIn(text);
        if (maySee(actor, kept)) all.push({ id, kept });
      }
      await hub.turns.next();
    }
    return all;
  }

  /** @throws CapsError too-large */
  async #makeSure(actor: Actor): Promise<void> {
    const { perStore, ofDispatch, all } = webhookLimits;
    const own = (await this.#all(actor)).filter(
      ({ kept }) => kept.store === (actor.role === 'vendor' ? actor.store : undefined),
    );
    const [max, whose] = actor.role === 'vendor' ? [perStore, 'A store'] : [ofDispatch, 'Dispatch'];
    if (own.length >= max) throw new CapsError('too-large', `${whose} has ${max} webhooks at most.`);
    if ((await this.#options.store.outbound.count(webhookTopic)) >= all)
      throw new CapsError('too-large', `There are ${all} webhooks here; no more can be.`);
  }

  async #kept(actor: Actor, id: string): Promise<KeptWebhook | undefined> {
    allow(actor);
    const text = await this.#options.store.outbound.find(webhookTopic, id);
    const kept = text === undefined ? undefined : keptIn(text);
    return kept && maySee(actor, kept) ? kept : undefined;
  }

  async #edit(
    actor: Actor,
    id: string,
    change: (before: KeptWebhook) => KeptWebhook,
  ): Promise<KeptWebhook | undefined> {
    allow(actor);
    const { outbound } = this.#options.store;
    for (let i = 0; i < changeTries; i += 1) {
      const text = await outbound.find(webhookTopic, id);
      const before = text === undefined ? undefined : keptIn(text);
      if (!before || !maySee(actor, before)) return undefined;
      const kept = change(before);
      const isWritten = await outbound.write([webhookRow(id, kept)], {
        before: { topic: webhookTopic, id, text },
      });
      if (isWritten) return kept;
    }
    throw new CapsError('busy', 'Others change this webhook; try again.');
  }

  /** While it is sent to, its place moves all the time. */
  async #move(id: string, change: (place: Place) => Place): Promise<void> {
    const { store } = this.#options;
    const name = webhookPlace(id);
    for (let i = 0; i < changeTries; i += 1) {
      const found = await findPlace(store, name);
      if (!found) return;
      const before = { ...placeRow(name, found.place), text: found.text };
      if (await store.outbound.write([placeRow(name, change(found.place))], { before })) return;
    }
    throw new CapsError('busy', 'Much is being sent to this webhook; try again.');
  }

  async #told(id: string, kept: KeptWebhook): Promise<Webhook | undefined> {
    this.#options.onChange();
    return this.#shown(id, kept);
  }

  /** Undefined if it was removed meanwhile. */
  async #shown(id: string, kept: KeptWebhook): Promise<Webhook | undefined> {
    const { store } = this.#options;
    const found = await findPlace(store, webhookPlace(id));
    if (!found) return undefined;
    return this.#view(id, kept, found.place, await store.headOf(viewOf(ownerOf(kept)).scope));
  }

  #view(id: string, kept: KeptWebhook, place: Place, head: number): Webhook {
    const { store, url, events, description, createdAt } = kept;
    const { status, reason, failing } = memoryOf(place);
    const until = oldSecretUntil(kept, this.#options.clock.now());
    return {
      ...{ id, url, createdAt: isoOf(createdAt), status },
      ...(store === undefined ? {} : { store }),
      ...(events ? { events } : {}),
      ...(description === undefined ? {} : { description }),
      ...(reason === undefined ? {} : { reason }),
      ...{ seq: place.seq, behind: Math.max(0, head - place.seq) },
      ...(failing ? { failing: { ...failing, since: isoOf(failing.since), next: isoOf(failing.next) } } : {}),
      ...(until === undefined ? {} : { oldSecretUntil: isoOf(until) }),
    };
  }
}

function allow(actor: Actor): void {
  if (actor.role === 'admin' || actor.role === 'vendor') return;
  throw new CapsError('not-allowed', 'Webhooks are for stores and admins.');
}

function maySee(actor: Actor, { store }: KeptWebhook): boolean {
  return actor.role === 'admin' || (actor.role === 'vendor' && actor.store === store);
}

function memoryOf({ memory }: Place): WebhookMemory {
  return memory as WebhookMemory;
}

/** The place, not failing. */
function without(place: Place, more: Partial<WebhookMemory> = {}): Place {
  const { status, reason, tries } = memoryOf(place);
  const isActive = (more.status ?? status) === 'active';
  return { ...place, memory: { status, ...(isActive ? {} : { reason }), tries, ...more } };
}

function badUrl(fault: SendFault): CapsError {
  const message =
    fault === 'own-hub'
      ? 'url: Leads to this hub itself.'
      : 'url: Leads to an address that is not public; with CAPS_OUTBOUND=private the hub sends there, too.';
  return new CapsError('bad-message', message, { details: { field: 'url' } });
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
