import type { ClientEvents, NewCommand } from '../../../client/client.ts';
import { ShopRobot } from '../../../client/robot.ts';
import type { Dial } from '../../../client/socketio-wire.ts';
import { readCursor } from '../../../protocol/ids.ts';
import type { AcceptedAnswer, Answer, Author, Order } from '../../../protocol/messages.ts';
import { Announcer } from '../../app/announcer.ts';
import { AutoSwitch } from '../../app/auto.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { errorText } from '../../app/hub-answer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { Live } from '../../app/live.ts';
import { recordOf } from '../../app/parcels.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { type Timers, workerTimers } from '../../app/timers.ts';
import { shop as words } from '../../words/shop.ts';
import { ImportSlot } from './import-slot.ts';
import { prepareSearch } from './order-filter.ts';
import { newOrderId } from './order-id.ts';
import { savedEverySeconds, saveEverySeconds } from './order-interval.ts';
import { OrderLoader } from './order-loader.ts';
import { Orders, ordersMax } from './orders.ts';
import { type Sample, Samples } from './samples.ts';
import type { Doing, Draft, NewOrderParts, ShopState } from './shop-state.ts';

const undoMs = 20_000;
/** What comes by itself is drawn at most this often; nobody reads faster. */
const drawEveryMs = 500;
/** The longest that a timer is set for. */
const timerMaxMs = 3_600_000;
/** Made-up orders wait while this many commands have no answer. */
const waitingMax = 50;
/** A made-up order id that is taken is made anew this often. */
const idTries = 3;

/**
 * One store at its hub, outside React.
 *
 * The list of orders comes from two sides: pages from the hub at the start, and the feed; `rev` decides which is
 * newer. The feed goes on where this browser stopped reading, or from the moment of the first page, so that nothing
 * falls in between. The thank-yous come from it alone: each delivery is thanked for once, also those of the time away.
 */
export class Shop {
  readonly store: string;
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly import: ImportSlot;
  readonly #by: Author;
  readonly #orders = new Orders();
  readonly #drafts = new Map<string, Draft>();
  #doing: ReadonlyMap<string, Doing> = new Map();
  readonly #state: FrameStore<ShopState>;
  readonly #pace = new RenderThrottle(() => drawEveryMs);
  readonly #timers: Timers;
  readonly #samples = new Samples();
  readonly #robot: ShopRobot;
  /** This browser had not shown the shop before. */
  readonly isFirstLook: boolean;
  readonly auto: AutoSwitch;
  #everySeconds = savedEverySeconds();
  readonly #loader: OrderLoader;
  /** Calls off the look at what has become late meanwhile. */
  #callOffLate: (() => void) | undefined;
  #lateAt = Number.POSITIVE_INFINITY;
  /** Deliveries since the last announcement. */
  #unsaid = 0;
  #closed = false;

  /** @param parts other than the usual ones, for tests */
  constructor(store: string, parts: { dial?: Dial; timers?: Timers } = {}) {
    this.store = store;
    this.#timers = parts.timers ?? workerTimers();
    this.#by = { role: 'vendor', id: store };
    this.#robot = new ShopRobot({
      timers: this.#timers,
      isUp: () => this.live.client.state.kind === 'live' && this.live.client.waiting < waitingMax,
      order: () => void this.#orderSample(),
    });
    this.#loader = new OrderLoader({
      store,
      take: (views) => {
        for (const view of views) {
          this.#orders.view(view);
          prepareSearch(view);
        }
      },
      mayGoOn: () => this.#orders.placed.size < ordersMax,
      changed: () => this.#state.touch(),
    });
    this.auto = new AutoSwitch({ page: 'vendor', timers: this.#timers, changed: () => this.#startOrStop() });
    this.#state = new FrameStore((previous) => this.#take(previous), this.#pace.next);
    const stopped = safeLocalStorage.read(this.#cursorName);
    this.isFirstLook = stopped === undefined;
    if (stopped !== undefined) void this.#loader.load();
    this.live = new Live({ role: 'vendor', store }, stopped ?? this.#loader.start(), parts.dial);
    this.import = new ImportSlot(store, {
      place: (order) => this.#place(order),
      seq: () => readCursor(this.live.client.cursor ?? '')?.seq ?? 0,
    });
    const { client } = this.live;
    client.on('state', ({ kind }) => {
      if (kind === 'live') this.#becameLive();
    });
    client.on('parcels', ({ items, more }) => {
      for (const view of items) this.#orders.view(view);
      // From here on the feed tells everything, so a list that is read now leaves nothing out.
      if (!more) this.#loader.restart();
      this.#state.touch();
    });
    client.on('events', (stretch) => this.#eventsCame(stretch));
    client.on('reset', () => this.#reset());
    // Shown and remembered in one turn: whatever ends the page, no delivery falls in between.
    this.#state.subscribe(() => this.#keepCursor());
  }

  get state(): Readable<ShopState> {
    return this.#state;
  }

  /** Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.auto.close();
    this.#robot.stop();
    this.#timers.close();
    this.#samples.close();
    this.#loader.close();
    this.import.close();
    this.live.close();
    this.announcer.close();
    this.#state.close();
  }

  // ---- orders ----

  /** Sends a new order; its row shows how that goes. */
  send(parts: NewOrderParts): void {
    void this.#send({ ...parts, store: this.store, orderID: newOrderId() }, idTries);
  }

  /** Sends some made-up orders, for a shop that wants to see how this works. Rejects where there are none. */
  async sendSamples(howMany: number): Promise<void> {
    const samples = await Promise.all(Array.from({ length: howMany }, () => this.#samples.next()));
    if (!this.#closed) for (const sample of samples) this.send(sample);
  }

  /** Sends a refused order once more. */
  retry(orderID: string): void {
    const draft = this.#drafts.get(orderID);
    if (draft) void this.#send(draft.order, 1);
  }

  /** Lets go of a refused order. */
  dismiss(orderID: string): void {
    this.#drafts.delete(orderID);
    this.#touchNow();
  }

  /** A step of the shop's own: the order is called off, or back. It can be taken back for a while. */
  async step(orderID: string, event: 'cancelled' | 'returned'): Promise<void> {
    const command: NewCommand = { event, payload: this.#key(orderID) };
    await this.#act(orderID, command, ({ rev }) => {
      const undo: Doing = { kind: 'undo', rev };
      this.#timers.after(undoMs, () => {
        if (this.#doing.get(orderID) === undo) this.#setDoing(orderID, undefined);
      });
      return undo;
    });
  }

  /** Takes such a step back. */
  async undo(orderID: string): Promise<void> {
    const doing = this.#doing.get(orderID);
    if (doing?.kind !== 'undo') return;
    const { rev } = doing;
    await this.#act(orderID, { event: 'corrected', payload: this.#key(orderID), details: { rev } });
  }

  /** Takes the message off an order. */
  acknowledge(orderID: string): void {
    this.#setDoing(orderID, undefined);
  }

  /** Says something to whoever has the order. @returns why not, where the hub did not take it */
  async note(orderID: string, text: string): Promise<string | undefined> {
    const answer = await this.live.client.command({
      event: 'note',
      payload: this.#key(orderID),
      details: { text },
    });
    return answer.ok ? undefined : errorText(answer.error);
  }

  /** Somebody has the order before their eyes, with all that was said. */
  read(orderID: string): void {
    this.#orders.read(orderID);
    this.#touchNow();
  }

  /** Tries once more to load what could not be loaded. */
  loadAgain(): void {
    void this.#loader.load();
  }

  /** A made-up customer and address. Rejects where they cannot be loaded. */
  sample(): Promise<Sample> {
    return this.#samples.next();
  }

  // ---- auto orders ----

  /** @param seconds one that `everyProblem` has nothing against */
  setEvery(seconds: number): void {
    this.#everySeconds = seconds;
    saveEverySeconds(seconds);
    if (this.auto.isRunning) this.#robot.start(seconds * 1_000);
    this.#touchNow();
  }

  #startOrStop(): void {
    if (this.auto.isRunning) this.#robot.start(this.#everySeconds * 1_000);
    else this.#robot.stop();
    this.#touchNow();
  }

  async #orderSample(): Promise<void> {
    try {
      const sample = await this.#samples.next();
      if (!this.#closed) this.send(sample);
    } catch {
      // The sample worker could not be loaded; the next order tries again.
    }
  }

  // ---- what the hub tells ----

  get #cursorName(): string {
    return `cursor.store.${this.store}`;
  }

  #becameLive(): void {
    this.#state.touch();
    this.#robot.becameLive();
    void this.auto.decide();
    if (this.#loader.state === 'failed') void this.#loader.load();
  }

  #eventsCame({ records }: ClientEvents['events']): void {
    const thankedBefore = this.#orders.thanked;
    for (const record of records) {
      this.#orders.record(record);
      this.#drafts.delete(record.payload.orderID);
    }
    const delivered = this.#orders.thanked - thankedBefore;
    if (delivered > 0) this.#announce(delivered);
    this.#state.touch();
  }

  #keepCursor(): void {
    const { cursor } = this.live.client;
    if (cursor !== undefined) safeLocalStorage.write(this.#cursorName, cursor);
  }

  #reset(): void {
    safeLocalStorage.forget(this.#cursorName);
    this.#orders.clear();
    this.#doing = new Map();
    this.#loader.abandon();
  }

  #announce(delivered: number): void {
    this.#unsaid += delivered;
    this.announcer.say('delivered', () => {
      const [latest] = this.#orders.thanks;
      const sentence =
        this.#unsaid === 1 && latest
          ? words().delivered(latest.orderID)
          : words().deliveredMany(this.#unsaid);
      this.#unsaid = 0;
      return sentence;
    });
  }

  // ---- commands ----

  #key(orderID: string): { store: string; orderID: string } {
    return { store: this.store, orderID };
  }

  async #send(order: Order, tries: number): Promise<void> {
    this.#drafts.set(order.orderID, { order, at: hubClock.now() });
    this.#touchNow();
    const command: NewCommand = { event: 'pickup', payload: order };
    const answer = await this.live.client.command(command);
    if (this.#closed) return;
    if (answer.ok) {
      this.#orders.seen(recordOf(command, answer, this.#by));
      this.#drafts.delete(order.orderID);
    } else if (answer.error.code === 'conflict' && tries > 1) {
      this.#drafts.delete(order.orderID);
      return this.#send({ ...order, orderID: newOrderId() }, tries - 1);
    } else {
      this.#drafts.set(order.orderID, { order, at: hubClock.now(), refused: errorText(answer.error) });
    }
    this.#touchNow();
  }

  /** An order of a file: no draft, because there may be thousands. */
  async #place(order: Order): Promise<Answer> {
    const command: NewCommand = { event: 'pickup', payload: order };
    const answer = await this.live.client.command(command);
    // One that was there already has come further since: the list has it.
    if (!this.#closed && answer.ok && !answer.duplicate) {
      this.#orders.seen(recordOf(command, answer, this.#by));
      this.#state.touch();
    }
    return answer;
  }

  /** One step on an order that the hub has. @param then what goes on with the order once it is recorded */
  async #act(
    orderID: string,
    command: NewCommand,
    then?: (recorded: AcceptedAnswer) => Doing,
  ): Promise<void> {
    this.#setDoing(orderID, { kind: 'working' });
    const answer = await this.live.client.command(command);
    if (this.#closed) return;
    if (answer.ok) {
      this.#orders.seen(recordOf(command, answer, this.#by, this.#orders.placed.get(orderID)?.view));
      this.#setDoing(orderID, then?.(answer));
    } else {
      this.#setDoing(orderID, { kind: 'refused', message: errorText(answer.error) });
    }
  }

  #setDoing(orderID: string, doing: Doing | undefined): void {
    const { placed } = this.#orders;
    if (doing) placed.hold(orderID);
    else placed.release(orderID, hubClock.now());
    const all = new Map(this.#doing);
    if (doing) all.set(orderID, doing);
    else all.delete(orderID);
    this.#doing = all;
    this.#touchNow();
  }

  /** Takes a snapshot when the next order becomes late. */
  #watchTime(lateAt: number): void {
    if (lateAt === this.#lateAt) return;
    this.#lateAt = lateAt;
    this.#callOffLate?.();
    if (lateAt === Number.POSITIVE_INFINITY) return;
    this.#callOffLate = this.#timers.after(Math.min(lateAt + 1 - hubClock.now(), timerMaxMs), () => {
      this.#lateAt = Number.POSITIVE_INFINITY;
      this.#state.touch();
    });
  }

  /** What a person does shows at once. */
  #touchNow(): void {
    this.#state.touch();
    this.#pace.hurry();
  }

  #take(previous: ShopState | undefined): ShopState {
    const { placed } = this.#orders;
    const drafts = Array.from(this.#drafts.values()).reverse();
    placed.advance(hubClock.now());
    this.#watchTime(placed.nextLateAt);
    return {
      drafts: isSame(drafts, previous?.drafts) ? previous.drafts : drafts,
      orders: placed.list(),
      ids: placed.ids(),
      counts: placed.counts,
      late: placed.late,
      dropped: this.#orders.dropped,
      loading: this.#loader.state,
      hasOlder: this.#loader.hasMore,
      doing: this.#doing,
      said: this.#orders.said,
      thanks: this.#orders.thanks,
      thanked: this.#orders.thanked,
      auto: this.auto.state,
      everySeconds: this.#everySeconds,
    };
  }
}

function isSame(drafts: readonly Draft[], before: readonly Draft[] | undefined): before is readonly Draft[] {
  return before?.length === drafts.length && drafts.every((draft, i) => draft === before[i]);
}
