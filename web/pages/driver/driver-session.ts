import type { RobotStep } from '../../../client/driver-robot.ts';
import type { Dial } from '../../../client/socketio-wire.ts';
import type { Author, ParcelView } from '../../../protocol/messages.ts';
import { Announcer } from '../../app/announcer.ts';
import { DurableOutbox, type PageStorage } from '../../app/durable-outbox.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { Live } from '../../app/live.ts';
import { recordOf } from '../../app/parcels.ts';
import { wasClicked } from '../../app/recent-click.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { type Timers, workerTimers } from '../../app/timers.ts';
import { driver as words } from '../../words/driver.ts';
import { Actions } from './actions.ts';
import { AutoDeliver } from './auto-deliver.ts';
import { Bell } from './bell.ts';
import { Claims, type WonClaim } from './claims.ts';
import { DriverFeed } from './driver-feed.ts';
import { Duty } from './duty.ts';
import { HeldNews } from './held-news.ts';
import { HeldParcels } from './held-parcels.ts';
import { heldRows } from './held-rows.ts';
import { OfferWindow } from './offer-window.ts';
import { Offers } from './offers.ts';
import { PendingCommands } from './pending-commands.ts';
import { Proofs } from './proofs.ts';
import { SessionSaver } from './saved-session.ts';
import { takeSnapshot } from './session-snapshot.ts';
import type { SessionState } from './session-state.ts';
import { ShiftTally } from './shift-tally.ts';
import { ShopProfiles } from './shop-profiles.ts';
import { commandOf, undoToastOf } from './steps.ts';
import { Stops } from './stops.ts';

/** Draws at most this often what comes by itself; what a person does shows at once. */
const drawEveryMs = 40;
/** Auto deliver moves rows: by then the last one has glided to its place. */
const autoDrawEveryMs = 300;

/**
 * A driver at the hub, outside React: connects its parts to each other and to one client. Every part reports its changes
 * here, so that the page is drawn, saved and driven once for all of them.
 */
export class DriverSession {
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly bell = new Bell();
  readonly duty: Duty;
  readonly auto: AutoDeliver;
  readonly actions: Actions;
  readonly commands: PendingCommands;
  readonly offers: OfferWindow;
  readonly #timers: Timers;
  readonly #claims: Claims;
  readonly proofs: Proofs;
  readonly #shops: ShopProfiles;
  readonly #saver: SessionSaver;
  readonly #throttle: RenderThrottle;
  readonly #state: FrameStore<SessionState>;
  #isClosed = false;

  /** @param parts for tests, in place of the usual ones */
  constructor(driver: string, parts: { dial?: Dial; timers?: Timers; storage?: PageStorage } = {}) {
    const changed = () => this.#changed();
    const { announcer } = this;
    const timers = parts.timers ?? workerTimers();
    const storage = parts.storage ?? new DurableOutbox(`driver\n${driver}`, changed);
    const live = new Live({ role: 'driver', driver }, undefined, parts.dial, storage);
    const { client } = live;
    const by: Author = { role: 'driver', id: driver };
    const profileOf = (store: string) => shops.of(store);
    const offers = new Offers((store) => profileOf(store)?.leadMinutes);
    const tally = new ShiftTally(driver);
    const news = new HeldNews(announcer, this.bell);
    const held = new HeldParcels({
      driver,
      timers,
      amended: news.amended,
      news: news.news,
      recorded: (record) => tally.add(record),
      changed,
    });
    const claims = new Claims({
      client,
      timers,
      announcer,
      won: (won) => addWon(feed, by, won),
      lost: (key) => offers.delete(key),
      changed,
    });
    const isComplete = () => feed.isComplete;
    const proofs = new Proofs({ driver, client, timers, held, isComplete, changed });
    const commands = new PendingCommands({ by, client, held, offers, announcer, proofs, changed });
    const duty = new Duty(client, () => tally.begin(), changed);
    const step = (key: string, event: RobotStep['event']) => {
      const known = held.get(key)?.known;
      if (known) commands.send(known, commandOf({ event }, known.view.payload), false);
    };
    const auto = new AutoDeliver({ client, timers, duty, offers, claims, held, profileOf, step, changed });
    const taken = () => new Set([...claims.keys, ...held.pendingKeys]);
    const offered = () => {
      if (!duty.isOn || auto.switch.isRunning) return;
      this.bell.ring();
      announcer.say('offers', () => words().offers.count(window.current));
    };
    const add = (items: readonly ParcelView[]) => feed.addOffers(items);
    const window = new OfferWindow({ client, offers, timers, taken, add, ripened: offered, changed });
    const feed = new DriverFeed({ client, offers, held, claims, offered, changed });
    const stops = new Stops(changed);
    const shops = new ShopProfiles({ driver, client, held, claims, offers, changed });
    const plan = { stops, shops, tally, proofs };
    const sources = { feed, offers: window, claims, held, commands, duty, auto, storage, ...plan };
    const rows = () => heldRows(held, sources);

    this.live = live;
    this.duty = duty;
    this.auto = auto;
    this.actions = new Actions({ driver, auto, claims, held, commands, stops, proofs, rows, changed });
    this.commands = commands;
    this.proofs = proofs;
    this.offers = window;
    this.#timers = timers;
    this.#claims = claims;
    this.#shops = shops;
    this.#throttle = new RenderThrottle(() => (auto.switch.isRunning ? autoDrawEveryMs : drawEveryMs));
    this.#state = new FrameStore(() => takeSnapshot(sources), this.#throttle.next);
    const isAtRisk = () => this.#state.get().unsaved > 0;
    this.#saver = new SessionSaver({ driver, timers, feed, held, offers, ...plan, isAtRisk });
    this.#saver.restore();
    this.#listen();
  }

  get state(): Readable<SessionState> {
    return this.#state;
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    const parts = [this.#saver, this.offers, this.commands, this.#claims, this.auto, this.#timers];
    for (const part of [...parts, this.proofs, this.live, this.announcer, this.bell, this.#state])
      part.close();
  }

  #listen(): void {
    const { commands, auto, live } = this;
    live.client.on('left', (left) => commands.restore(left));
    live.client.on('state', ({ kind }) => {
      if (kind === 'live') void auto.switch.decide();
      if (kind === 'catching-up') commands.markSent();
      this.#changed();
    });
  }

  #changed(): void {
    if (this.#isClosed) return;
    this.offers.refill();
    this.proofs.tidy();
    this.#shops.readSoon();
    this.auto.runSoon();
    this.#saver.saveSoon();
    this.#state.touch();
    if (wasClicked()) this.#throttle.hurry();
  }
}

/** A claim of this driver has won. */
function addWon(feed: DriverFeed, by: Author, { known, command, answer, byHand }: WonClaim): void {
  const toast = byHand ? undoToastOf(command, { rev: answer.rev }) : undefined;
  feed.addOwn(recordOf(command, answer, by, known.view), toast);
}
