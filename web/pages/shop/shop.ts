import type { NewCommand } from '../../../client/client.ts';
import type { Dial } from '../../../client/socketio-wire.ts';
import { readCursor } from '../../../protocol/ids.ts';
import type { AcceptedAnswer, Answer, Author } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { Announcer } from '../../app/announcer.ts';
import { DurableOutbox } from '../../app/durable-outbox.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { Live } from '../../app/live.ts';
import { recordOf } from '../../app/parcels.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { type Timers, workerTimers } from '../../app/timers.ts';
import { AutoOrders } from './auto-orders.ts';
import { DeliveryAnnouncer } from './delivery-announcer.ts';
import { Drafts } from './drafts.ts';
import { ImportSlot } from './import-slot.ts';
import { LateTimer } from './late-timer.ts';
import { NumberAnnouncer } from './number-announcer.ts';
import { OrderActions } from './order-actions.ts';
import { OrderFeed } from './order-feed.ts';
import { OrderNumbers } from './order-numbers.ts';
import { Orders } from './orders.ts';
import { Samples } from './samples.ts';
import { ShopProfile } from './shop-profile.ts';
import type { ShopState } from './shop-state.ts';

/** Draws at most this often what comes by itself: nobody reads faster. */
const drawEveryMs = 500;

/**
 * One store at its hub, outside React: connects its parts to each other and to one client. Draws what a person does at
 * once, and what comes by itself in the next frame that is due.
 */
export class Shop {
  readonly store: string;
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly samples = new Samples();
  readonly import: ImportSlot;
  readonly drafts: Drafts;
  readonly actions: OrderActions;
  readonly auto: AutoOrders;
  readonly feed: OrderFeed;
  readonly profile: ShopProfile;
  readonly #by: Author;
  readonly #orders = new Orders();
  readonly #timers: Timers;
  readonly #late: LateTimer;
  readonly #state: FrameStore<ShopState>;
  #isClosed = false;

  /** @param parts for tests, in place of the usual ones */
  constructor(store: string, parts: { dial?: Dial; timers?: Timers } = {}) {
    const { samples } = this;
    const orders = this.#orders;
    const timers = parts.timers ?? workerTimers();
    const throttle = new RenderThrottle(() => drawEveryMs);
    const changed = () => this.#state.touch();
    const changedByHand = () => {
      changed();
      throttle.hurry();
    };
    const recorded = (command: NewCommand, answer: AcceptedAnswer) => this.#addRecorded(command, answer);
    const deliveries = new DeliveryAnnouncer(this.announcer, orders);
    this.store = store;
    this.#by = { role: 'vendor', id: store };
    this.#timers = timers;
    this.#late = new LateTimer(timers, changed);
    this.feed = new OrderFeed({ store, orders, delivered: (count) => deliveries.add(count), changed });
    const storage = new DurableOutbox(`vendor\n${store}`, changed);
    this.live = new Live({ role: 'vendor', store }, this.feed.after, parts.dial, storage);
    const { client } = this.live;
    const numbers = new OrderNumbers(store, () => orders.placed.ids());
    const announcer = new NumberAnnouncer(this.announcer);
    this.drafts = new Drafts({
      ...{ store, client, numbers, recorded },
      renumbered: (order, before) => announcer.add(order, before),
      sampled: (orderID) =>
        void import('./open-samples.ts').then(
          (own) => own.noteSample(store, orderID),
          () => {},
        ),
      changed: changedByHand,
    });
    this.actions = new OrderActions({ store, client, timers, orders, recorded, changed: changedByHand });
    this.auto = new AutoOrders({
      client,
      timers,
      samples,
      send: (sample) => this.drafts.send(sample, true),
      changed: changedByHand,
    });
    this.profile = new ShopProfile(store, changed);
    this.import = new ImportSlot(store, {
      place: (order) => this.#place(order),
      seq: () => readCursor(client.cursor ?? '')?.seq ?? 0,
      zone: () => this.profile.zone,
    });
    this.#state = new FrameStore(() => this.#take(), throttle.next);
    this.#state.subscribe(() => this.feed.saveCursor());
    this.feed.follow(client);
    client.on('events', ({ records }) => {
      for (const { payload } of records) this.drafts.found(payload.orderID);
    });
    client.on('reset', () => this.actions.clear());
    client.on('left', (left) => this.actions.restore(left));
    client.on('state', ({ kind }) => {
      if (kind === 'live') this.#becameLive();
    });
  }

  get state(): Readable<ShopState> {
    return this.#state;
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    const parts = [this.drafts, this.actions, this.auto, this.#timers, this.samples, this.feed.loader];
    for (const part of [...parts, this.profile, this.import, this.live, this.announcer, this.#state])
      part.close();
  }

  /** Sends made-up orders, for a shop that tries the page out. Rejects if they cannot be loaded. */
  async sendSamples(howMany: number): Promise<void> {
    const samples = await Promise.all(Array.from({ length: howMany }, () => this.samples.next()));
    for (const sample of samples) this.drafts.send(sample, true);
  }

  #becameLive(): void {
    this.#state.touch();
    this.auto.becameLive();
    void this.profile.read();
    this.feed.becameLive();
  }

  /** Sends an order of a file. It gets no draft, because a file may hold thousands. */
  async #place(order: Order): Promise<Answer> {
    const command: NewCommand = { event: 'pickup', payload: order };
    const answer = await this.live.client.command(command);
    // The list already has a duplicate, and in a later state.
    if (!this.#isClosed && answer.ok && !answer.duplicate) {
      this.#addRecorded(command, answer);
      this.#state.touch();
    }
    return answer;
  }

  #addRecorded(command: NewCommand, answer: AcceptedAnswer): void {
    const view = this.#orders.placed.get(command.payload.orderID)?.view;
    this.#orders.seen(recordOf(command, answer, this.#by, view));
  }

  #take(): ShopState {
    const { placed, dropped, said, thanks, thanked } = this.#orders;
    const { loader } = this.feed;
    placed.setLead(this.profile.leadMs, hubClock.now());
    placed.advance(hubClock.now());
    this.#late.set(placed.nextChangeAt);
    return {
      drafts: this.drafts.list,
      orders: placed.list(),
      ids: placed.ids(),
      counts: placed.counts,
      late: placed.late,
      later: placed.later,
      dropped,
      loading: loader.state,
      hasOlder: loader.hasMore,
      actions: this.actions.states,
      said,
      thanks,
      thanked,
      auto: this.auto.switch.state,
      everySeconds: this.auto.everySeconds,
      profile: this.profile.value,
    };
  }
}
