/** Who is connected, and what went wrong: told to dispatch at most once a second, as differences. */

import { escapeUnseen } from '../../protocol/characters.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { uuidv7 } from '../../protocol/ids.ts';
import type { Connection, Notice, Presence as PresenceMessage } from '../../protocol/messages.ts';
import { slowedWords } from '../access/wrong-keys.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Door } from './commit.ts';
import type { LifeSigns } from './driver-liveness.ts';
import { LookAlikes, type Named } from './look-alikes.ts';
import type { Meter } from './metrics-port.ts';
import { type Member, Room } from './room.ts';

const tellEveryMs = 1_000;
/** Connections that did nothing but give a sign of life, in one telling; the others have their turn in the next. */
const seenMax = 100;
/** Different notices in one second; past it the rest is counted in one. */
const noticesMax = 50;
/** News that wait for an admin to come. */
const untoldMax = 20;

/** Who comes. */
export interface Entering extends Pick<Connection, 'role' | 'who' | 'door'> {
  readonly name?: string | undefined;
  /** The driver who is kept alive by it, where that is not `who`. */
  readonly driver?: string;
}

/** One connection's place in the list. */
export interface Attendance {
  seen(): void;
  duty(state: 'on' | 'off'): void;
  lagging(state: boolean): void;
  /** It has said what it is called. */
  named(name: string): void;
  /** Safe to call twice. */
  leave(): void;
}

export class Presence {
  readonly #clock: Clock;
  /** Those who are told of presence and notices. */
  readonly #watchers: Room;
  readonly #meter: Pick<Meter, 'refused'> | undefined;
  readonly #signs: LifeSigns | undefined;
  readonly #all = new Map<string, Connection>();
  readonly #joined = new Map<string, Connection>();
  readonly #left = new Set<string>();
  /** Who gave a sign of life that has not been told. */
  readonly #seen = new Set<string>();
  readonly #notices = new Map<string, Notice>();
  readonly #standing: () => string | undefined;
  /** By what somebody new is called who looks like somebody else. */
  readonly #looks = new LookAlikes((words) => this.#flag(words));
  /** News that came while no admin was here to be told. */
  readonly #untold: string[] = [];
  #cancel: (() => void) | undefined;

  /** @param standing what every admin who comes is told of the hub; undefined: nothing */
  constructor(
    clock: Clock,
    onFault: (error: unknown, what: string) => void,
    meter?: Pick<Meter, 'refused'>,
    signs?: LifeSigns,
    standing: () => string | undefined = () => undefined,
  ) {
    this.#standing = standing;
    this.#clock = clock;
    this.#watchers = new Room(onFault);
    this.#meter = meter;
    this.#signs = signs;
  }

  /** Looks through the log for who is known. To be called once. */
  learnNames(store: Pick<Store, 'head' | 'read'>): Promise<void> {
    return this.#looks.fillFrom(store, this.#clock);
  }

  /** Somebody is called by this id: an order is placed for them, or a key issued. */
  named(kind: Named, id: string): void {
    this.#looks.seen(kind, id);
  }

  #flag(words: string): void {
    const isAdminHere = [...this.#all.values()].some(({ role }) => role === 'admin');
    if (isAdminHere) this.notice('hub', 'hub', words);
    else if (this.#untold.length < untoldMax) this.#untold.push(words);
  }

  /** Tells of all who are here, and from then on of whatever changes. @returns what ends it; safe to call twice */
  watch(member: Member): () => void {
    member.send({ name: 'presence', json: JSON.stringify(this.all()) });
    this.#watchers.enter(member);
    return () => void this.#watchers.leave(member);
  }

  /** Everybody who is here now. */
  all(): PresenceMessage {
    return { all: [...this.#all.values()] };
  }

  get count(): number {
    return this.#all.size;
  }

  enter(who: Entering): Attendance {
    const now = this.#now();
    const { name, driver = who.role === 'driver' ? who.who : undefined, ...rest } = who;
    const id = uuidv7(this.#clock.now());
    const called = name === undefined ? {} : { name };
    this.#all.set(id, { id, ...rest, ...called, since: now, lastSeen: now });
    const change = (part: Partial<Connection>) => {
      const known = this.#all.get(id);
      if (!known) return;
      const current = { ...known, ...part, lastSeen: this.#now() };
      this.#all.set(id, current);
      this.#joined.set(id, current);
      this.#soon();
    };
    change({});
    const gone = driver === undefined ? undefined : this.#signs?.enter(driver);
    const news = who.role === 'admin' ? this.#standing() : undefined;
    if (news !== undefined) this.notice('hub', 'hub', news);
    if (who.role === 'admin') for (const words of this.#untold.splice(0)) this.notice('hub', 'hub', words);
    if (who.role === 'vendor' || who.role === 'driver')
      this.named(who.role === 'vendor' ? 'store' : 'driver', who.who);
    return {
      seen: () => {
        if (!this.#all.has(id)) return;
        this.#seen.add(id);
        this.#soon();
      },
      duty: (duty) => change({ duty }),
      lagging: (lagging) => {
        if ((this.#all.get(id)?.lagging ?? false) !== lagging) change({ lagging });
      },
      named: (name) => change({ name: escapeUnseen(name) }),
      leave: () => {
        if (!this.#all.delete(id)) return;
        this.#joined.delete(id);
        this.#seen.delete(id);
        this.#left.add(id);
        gone?.();
        this.#soon();
      },
    };
  }

  /** A request of somebody who has no connection that lasts. */
  heard(driver: string): void {
    this.#signs?.seen(driver);
    this.named('driver', driver);
  }

  /**
   * Refused input, a fault of a connection, or news of the hub. Equal ones are counted together. Doors report every
   * refusal here, once, when they tell it to whoever is refused: here it is counted too.
   */
  notice(
    kind: Notice['kind'],
    door: Door,
    message: string,
    more: { code?: ErrorCode; who?: string } = {},
  ): void {
    if (kind === 'refused' && more.code) this.#meter?.refused(more.code, door);
    // Losing a race is the ordinary day of a driver; of who tries keys it is told otherwise, and not of each.
    if (more.code === 'taken' || message === slowedWords) return;
    const full = this.#notices.size >= noticesMax;
    // What was refused may be in its words, as somebody made it up.
    const words = full ? 'More of the kind.' : escapeUnseen(message);
    const rest = { kind, door, message: words, ...(full ? {} : more) };
    const key = JSON.stringify(rest);
    const known = this.#notices.get(key);
    this.#notices.set(key, { time: this.#now(), ...rest, count: (known?.count ?? 0) + 1 });
    this.#soon();
  }

  /** Safe to call twice. */
  close(): void {
    this.#looks.close();
    this.#cancel?.();
  }

  #soon(): void {
    this.#cancel ??= this.#clock.after(tellEveryMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancel = undefined;
    this.#takeSeen();
    if (this.#joined.size > 0 || this.#left.size > 0) {
      const change: PresenceMessage = { joined: [...this.#joined.values()], left: [...this.#left] };
      this.#joined.clear();
      this.#left.clear();
      this.#watchers.tell({ name: 'presence', json: JSON.stringify(change) });
    }
    if (this.#notices.size > 0) {
      const notices = [...this.#notices.values()];
      this.#notices.clear();
      this.#watchers.tell({ name: 'notice', json: JSON.stringify(notices) });
    }
  }

  /** In turn: whoever is seen again meanwhile keeps their place. */
  #takeSeen(): void {
    const now = this.#now();
    for (const id of this.#seen) {
      const known = this.#all.get(id);
      if (known) this.#all.set(id, { ...known, lastSeen: now });
    }
    let told = 0;
    for (const id of this.#seen) {
      const current = this.#all.get(id);
      if (told >= seenMax) break;
      this.#seen.delete(id);
      if (!current) continue;
      if (!this.#joined.has(id)) told += 1;
      this.#joined.set(id, current);
    }
    if (this.#seen.size > 0) this.#soon();
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
