/** The real hub in a world of clients where anything happens in any order, compared with the model. */

import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { cursorOf } from '../../protocol/ids.ts';
import type { Answer, CapsRecord, Command, FeedName } from '../../protocol/messages.ts';
import { type Actor, apply, authorOf, type Parcel } from '../../protocol/parcel.ts';
import { viewOf } from '../../server/access/access.ts';
import { createPins } from '../../server/access/pins.ts';
import { createHub, type Hub } from '../../server/hub/hub.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { unfinished } from '../oracle.ts';
import { SimulatedClock } from './clock.ts';
import { memoryFolder } from './disk.ts';
import { Model, type Verdict } from './model.ts';
import { SimulatedReader } from './reader.ts';
import { actors, amendmentOf, commandOf, drivers, type ParcelRef, type Step, step } from './steps.ts';

// ---- the world: the real hub, and clients who keep what they heard ----

export type StoreFault = (store: Store) => Store;

interface Client {
  readonly actor: Actor;
  /** The seq from which it knows everything; undefined before its first welcome. */
  start: number | undefined;
  places: ReadonlyMap<FeedName, number> | undefined;
  readonly heard: CapsRecord[];
  readonly offers: Set<string>;
  reader: (SimulatedReader & { close(): void }) | undefined;
}

class World {
  readonly clock = new SimulatedClock();
  readonly model = new Model((key) => this.pinOf(key));
  readonly sent: [Actor, Command][] = [];
  readonly clients: Client[] = actors.map((actor) => ({
    ...{
      actor,
      start: undefined,
      places: undefined,
      heard: [],
      offers: new Set<string>(),
      reader: undefined,
    },
  }));
  readonly #folder = memoryFolder();
  readonly #breaking: StoreFault;
  #store: Store | undefined;
  #hub: Hub | undefined;

  constructor(breaking: StoreFault) {
    this.#breaking = breaking;
  }

  async open(): Promise<void> {
    this.#store = openSqliteStore(this.#folder);
    this.#hub = await createHub({
      store: this.#breaking(this.#store),
      clock: this.clock,
      onFault: () => {},
    });
  }

  /** Of a parcel, as its customer reads it. */
  pinOf(key: string): string {
    const [store = '', orderID = ''] = key.split('/');
    return this.#store ? createPins(this.#store.secret).pinOf({ store, orderID }) : '';
  }

  async close(): Promise<void> {
    for (const client of this.clients) this.leave(client);
    await this.#hub?.close();
    await this.#store?.close();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** Submits all of them in one turn, in this order. */
  async burst(commands: readonly [Actor, Command][]): Promise<void> {
    const now = this.clock.now();
    const answers = commands.map(([actor, command]) => this.#hub?.submit(actor, 'socket.io', [command]));
    const expected = commands.map(([actor, command]) =>
      expectedAnswer(actor, this.model.submit(actor, command, now)),
    );
    await this.clock.advance(20);
    const given = (await Promise.all(answers)).flat();
    expect(given.map((answer) => (answer ? short(answer) : undefined))).toEqual(expected);
    this.sent.push(...commands);
  }

  async join(client: Client): Promise<void> {
    if (client.reader || !this.#hub) return;
    const { actor, places } = client;
    const feeds = viewOf(actor).feeds.map(({ name }) => name);
    const reader = new SimulatedReader(feeds, places);
    const after = places && cursorOf(this.#hub.epochOf(actor), reader.place);
    const { close } = this.#hub.subscribe(actor, after, reader, reader.onLag);
    client.reader = Object.assign(reader, { close });
    await this.clock.advance(20);
    expect(reader.welcome).toBeDefined();
    expect(reader.welcome).not.toHaveProperty('reset');
    if (places) return;
    client.start = reader.welcome?.head;
    const open = reader.parcels.flatMap(({ items }) => items);
    expect(
      open.map(({ payload, status, holder, attempts, rev, unseen, urgent }) => [
        `${payload.store}/${payload.orderID}`,
        status,
        holder?.id,
        attempts,
        rev,
        ...[payload, unseen?.rev, urgent?.rev],
      ]),
    ).toEqual(actor.role === 'admin' ? [] : this.#openTo(actor));
    for (const { payload, status } of open) {
      if (status === 'ready') client.offers.add(`${payload.store}/${payload.orderID}`);
    }
  }

  /** The snapshot in the order of sending: a driver's own parcels before the offers. */
  #openTo(actor: Actor): unknown[] {
    const open = [...this.model.parcels].filter(([, { status }]) => unfinished.includes(status));
    const isReady = ([, { status }]: (typeof open)[number]) => status === 'ready';
    const seen =
      actor.role === 'driver'
        ? [...open.filter(([, { holder }]) => holder === actor.driver), ...open.filter(isReady)]
        : open.filter(([key]) => key.startsWith(`${authorOf(actor).id}/`));
    return seen.map(([key, { status, holder, attempts, records, order, unseen, urgent }]) => [
      key,
      status,
      holder,
      attempts,
      records.length,
      ...[order, unseen, urgent],
    ]);
  }

  /** Disconnects it; it must have heard exactly what it should have. */
  leave(client: Client): void {
    const { reader, actor } = client;
    if (!reader) return;
    client.reader = undefined;
    reader.close();
    expect([reader.holes, reader.failed]).toEqual([0, false]);
    client.places = reader.places;
    const feed = actor.role === 'driver' ? 'own' : actor.role === 'vendor' ? 'store' : 'log';
    client.heard.push(...(reader.records[feed] ?? []));
    const { start = 0 } = client;
    const due = this.model.log
      .map((told) => ({ ...told, place: actor.role === 'vendor' ? told.storeSeq : told.seq }))
      .filter(({ key, drivers, place }) => {
        if (place <= start) return false;
        if (actor.role === 'driver') return drivers.includes(actor.driver);
        return actor.role === 'admin' || key.startsWith(`${authorOf(actor).id}/`);
      });
    expect(client.heard.map(({ seq, event, rev }) => [seq, event, rev])).toEqual(
      due.map(({ place, command, rev }) => [place, command.event, rev]),
    );
    if (actor.role !== 'driver') return;
    for (const { feed, records, gone = [] } of reader.frames) {
      if (feed !== 'board') continue;
      for (const { payload } of records) client.offers.add(`${payload.store}/${payload.orderID}`);
      for (const { store, orderID } of gone) client.offers.delete(`${store}/${orderID}`);
    }
    const ready = [...this.model.parcels].filter(([, { status }]) => status === 'ready').map(([key]) => key);
    expect([...client.offers].sort()).toEqual(ready.sort());
  }

  /** The log contains what was accepted, and the rows are its fold. */
  async checkStore(): Promise<void> {
    const store = this.#store;
    if (!store) throw new Error('not open');
    const { rows } = await store.read({ kind: 'all' }, { after: 0, limit: 10_000 });
    const folded = new Map<string, Parcel>();
    const found = rows.map(({ seq, storeSeq, rev, store, orderID, drivers, record }) => {
      const key = `${store}/${orderID}`;
      folded.set(key, apply(folded.get(key), record));
      return {
        seq,
        storeSeq,
        rev,
        key,
        drivers,
        event: record.event,
        status: record.status,
        by: `${record.by.role}:${record.by.id}`,
      };
    });
    expect(found).toEqual(
      this.model.log.map(({ command, pin: _, ...told }) => ({ ...told, event: command.event })),
    );
    const { parcels } = await store.parcels({ order: 'oldest', limit: 100 });
    expect(parcels).toEqual([...folded.values()]);
    expect(
      parcels.map(({ status, holder, attempts, drivers }) => [status, holder?.id, attempts, drivers]),
    ).toEqual(
      [...this.model.parcels.values()].map(({ status, holder, attempts, drivers }) => [
        status,
        holder,
        attempts,
        drivers,
      ]),
    );
  }
}

function short(answer: Answer): unknown {
  if (!answer.ok) return answer.error.code;
  return [answer.seq, answer.rev, answer.status, answer.duplicate ?? false, answer.pin];
}

function expectedAnswer(actor: Actor, verdict: Verdict): unknown {
  if ('code' in verdict) return verdict.code;
  const { seq, storeSeq, rev, status } = verdict.told;
  return [actor.role === 'vendor' ? storeSeq : seq, rev, status, verdict.duplicate, verdict.pin];
}

// ---- the steps ----

function nextOf({ model }: World, at: ParcelRef, id: boolean): [Actor, Command] {
  const parcel = model.parcels.get(`${at.store}/${at.orderID}`);
  const next = {
    ready: 'claimed',
    claimed: 'in-transit',
    'in-transit': 'attempt-failed',
    failed: 'returning',
    returning: 'returned',
  } as const;
  const event = !parcel
    ? 'pickup'
    : parcel.status in next
      ? next[parcel.status as keyof typeof next]
      : 'note';
  const shop: Actor = { role: 'vendor', store: at.store };
  const who: Actor = !parcel || event === 'note' ? shop : { role: 'driver', driver: parcel.holder ?? 'ana' };
  return [who, commandOf(event, at, 0, id, 1)];
}

async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'send': {
      const actor = actors[step.actor] ?? actors[0];
      const parcel = world.model.parcels.get(`${step.at.store}/${step.at.orderID}`);
      const isOfLatest = step.event === 'seen' || step.event === 'amended';
      const rev = (isOfLatest ? parcel?.rev : parcel?.change?.rev) ?? 1;
      const pin = step.twist === 0 ? world.pinOf(`${step.at.store}/${step.at.orderID}`) : '0000';
      const command = commandOf(step.event, step.at, step.twist, step.id, rev, pin);
      // Dispatch claims for somebody.
      const isForOther = command.event === 'claimed' && actor.role === 'admin';
      return world.burst([[actor, isForOther ? { ...command, details: { driver: 'cem' } } : command]]);
    }
    case 'next':
      return world.burst([nextOf(world, step.at, step.id)]);
    case 'race':
      return world.burst(drivers.map((driver) => [driver, commandOf(step.event, step.at, 0, true, 1)]));
    case 'guess': {
      const key = `${step.at.store}/${step.at.orderID}`;
      const parcel = world.model.parcels.get(key);
      const driver: Actor = { role: 'driver', driver: parcel?.holder ?? 'ana' };
      const pin = world.pinOf(key);
      const wrong = Array.from({ length: step.wrong }, (_, at) => (pin === `000${at}` ? '9999' : `000${at}`));
      const guess = (text: string) => commandOf('proof', step.at, 0, step.id, parcel?.rev ?? 1, text);
      return world.burst([...wrong, pin].map((text) => [driver, guess(text)]));
    }
    case 'amend': {
      const rev = world.model.parcels.get(`${step.at.store}/${step.at.orderID}`)?.rev ?? 1;
      const actor: Actor = step.byShop ? { role: 'vendor', store: step.at.store } : { role: 'admin' };
      return world.burst([[actor, amendmentOf(step, rev)]]);
    }
    case 'resend': {
      const sent = world.sent.at(-1 - (step.which % Math.max(1, world.sent.length)));
      if (!sent) return;
      const [by, command] = sent;
      const other = step.actor === undefined ? undefined : actors[step.actor];
      // Only its own sender can repeat a claim that dispatch made for somebody.
      return world.burst([[command.event === 'claimed' ? by : (other ?? by), command]]);
    }
    case 'join':
    case 'leave': {
      const client = world.clients[step.client];
      if (client && step.do === 'join') await world.join(client);
      if (client && step.do === 'leave') world.leave(client);
      return;
    }
    case 'wait':
      return world.clock.advance(step.ms);
    case 'restart':
      await world.close();
      world.model.restart();
      return world.open();
  }
}

/** @param breaking breaks the hub's store: a mutant that the model must catch */
export function likeTheModel(breaking: StoreFault = (store) => store): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
    const world = new World(breaking);
    try {
      await world.open();
      for (const step of steps) await take(world, step);
      for (const client of world.clients) await world.join(client);
      for (const client of world.clients) world.leave(client);
      await world.checkStore();
    } finally {
      for (const client of world.clients) client.reader = undefined;
      await world.close();
      world.remove();
    }
  });
}
