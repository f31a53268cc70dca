/** Tells dispatch who is connected and what went wrong: differences, at most once a second. */

import { escapeUnseen } from '../../protocol/characters.ts';
import type { DeviceReport } from '../../protocol/devices.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { uuidv7 } from '../../protocol/ids.ts';
import type { Connection, Notice, Presence as PresenceMessage } from '../../protocol/messages.ts';
import { slowedWords } from '../access/wrong-keys.ts';
import type { Clock } from '../clock.ts';
import type { Peers } from '../store/peers.ts';
import type { Store } from '../store/store.ts';
import type { Door } from './commit.ts';
import type { DriverLiveness } from './driver-liveness.ts';
import { type IdKind, LookAlikes } from './look-alikes.ts';
import type { MetricsPort } from './metrics-port.ts';
import { PeerPresence } from './peer-presence.ts';
import { type Member, Room } from './room.ts';

const tellEveryMs = 1_000;
/** Connections per update that only gave a sign of life; the others follow in the next. */
const seenMax = 100;
/** Distinct notices per second; further ones are counted together. */
const noticesMax = 50;
/** Notices kept while no admin is connected. */
const untoldMax = 20;

export interface NewConnection extends Pick<Connection, 'role' | 'who' | 'door'> {
  readonly name?: string | undefined;
  /** The driver that this connection keeps alive, if not `who`. */
  readonly driver?: string;
}

/** One connection's entry in the list. */
export interface Attendance {
  seen(): void;
  duty(state: 'on' | 'off'): void;
  lagging(state: boolean): void;
  /** The client has told its name. */
  named(name: string): void;
  /** A device has said where it is and how it is. */
  reported(device: DeviceReport): void;
  /** Safe to call twice. */
  leave(): void;
}

/** Equal notices since the last update. Overload is thousands of refusals a second, so each only counts. */
interface CountedNotice {
  readonly notice: Omit<Notice, 'time' | 'count'>;
  /** Of the latest, in milliseconds since 1970. */
  timeMs: number;
  count: number;
}

export class Presence {
  readonly #clock: Clock;
  /** Receive presence and notices. */
  readonly #watchers: Room;
  readonly #metrics: Pick<MetricsPort, 'refused'> | undefined;
  readonly #liveness: DriverLiveness | undefined;
  readonly #all = new Map<string, Connection>();
  readonly #joined = new Map<string, Connection>();
  readonly #left = new Set<string>();
  /** Connections with a sign of life that was not sent yet. */
  readonly #seen = new Set<string>();
  readonly #notices = new Map<string, CountedNotice>();
  readonly #standing: () => string | undefined;
  readonly #looks = new LookAlikes((words) => this.#flag(words));
  /** Notices waiting for an admin. */
  readonly #untold: string[] = [];
  #cancel: (() => void) | undefined;
  /** Other hubs on the same log, and what they have told since the last update. */
  readonly #others: PeerPresence | undefined;
  #notedElsewhere: Notice[] = [];
  /** The driver that each connection keeps alive. */
  readonly #drivers = new Map<string, string>();

  /**
   * @param standing the notice for each admin who connects, if there is one
   * @param peers other hubs on the same log
   */
  constructor(
    clock: Clock,
    onFault: (error: unknown, what: string) => void,
    metrics?: Pick<MetricsPort, 'refused'>,
    liveness?: DriverLiveness,
    standing: () => string | undefined = () => undefined,
    peers?: Peers,
  ) {
    this.#standing = standing;
    this.#clock = clock;
    this.#watchers = new Room(onFault);
    this.#metrics = metrics;
    this.#liveness = liveness;
    this.#others = peers && new PeerPresence(peers, liveness, this.#fromOthers());
  }

  #fromOthers() {
    return {
      joined: (connection: Connection) => {
        this.#joined.set(connection.id, connection);
        this.#soon();
      },
      left: (id: string) => {
        this.#joined.delete(id);
        this.#left.add(id);
        this.#soon();
      },
      noticed: (notice: Notice) => {
        if (this.#notedElsewhere.length < noticesMax) this.#notedElsewhere.push(notice);
        this.#soon();
      },
    };
  }

  /** Learns names from the log. Call it once. */
  learnNames(store: Pick<Store, 'head' | 'read'>): Promise<void> {
    return this.#looks.fillFrom(store, this.#clock);
  }

  /** An id came up: in an order or a new key. */
  named(kind: IdKind, id: string): void {
    this.#looks.seen(kind, id);
  }

  #flag(words: string): void {
    const isAdminHere = [...this.#all.values()].some(({ role }) => role === 'admin');
    if (isAdminHere) this.notice('hub', 'hub', words);
    else if (this.#untold.length < untoldMax) this.#untold.push(words);
  }

  /** Sends everybody who is connected, then changes. @returns stop, safe to call twice */
  watch(member: Member): () => void {
    member.send({ name: 'presence', json: JSON.stringify(this.all()) });
    this.#watchers.enter(member);
    return () => void this.#watchers.leave(member);
  }

  all(): PresenceMessage {
    return { all: [...this.#all.values(), ...(this.#others?.connections ?? [])] };
  }

  get count(): number {
    return this.#all.size;
  }

  enter(who: NewConnection): Attendance {
    const now = this.#now();
    const { name, driver = who.role === 'driver' ? who.who : undefined, ...rest } = who;
    const id = uuidv7(this.#clock.now());
    const called = name === undefined ? {} : { name };
    this.#all.set(id, { id, ...rest, ...called, since: now, lastSeen: now });
    if (this.#others && driver !== undefined) this.#drivers.set(id, driver);
    const change = (part: Partial<Connection>) => {
      const known = this.#all.get(id);
      if (!known) return;
      const current = { ...known, ...part, lastSeen: this.#now() };
      this.#all.set(id, current);
      this.#joined.set(id, current);
      this.#soon();
    };
    change({});
    const gone = driver === undefined ? undefined : this.#liveness?.enter(driver);
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
      reported: (device) => {
        const known = this.#all.get(id);
        if (!known) return;
        this.#all.set(id, { ...known, device });
        // As many devices may report at once as there are: it is told like a sign of life.
        this.#seen.add(id);
        this.#soon();
      },
      leave: () => {
        if (!this.#all.delete(id)) return;
        this.#joined.delete(id);
        this.#seen.delete(id);
        this.#left.add(id);
        this.#drivers.delete(id);
        this.#others?.left(id);
        gone?.();
        this.#soon();
      },
    };
  }

  /** A request without a lasting connection. */
  heard(driver: string): void {
    this.#liveness?.seen(driver);
    this.#others?.heard(driver);
    if (this.#others) this.#soon();
    this.named('driver', driver);
  }

  /**
   * Reports refused input, a faulty connection or news of the hub; equal ones are counted together. Every door
   * reports each refusal here exactly once, and it is counted in the metrics.
   */
  notice(
    kind: Notice['kind'],
    door: Door,
    message: string,
    more: { code?: ErrorCode; who?: string } = {},
  ): void {
    if (kind === 'refused' && more.code) this.#metrics?.refused(more.code, door);
    // Lost races are a driver's ordinary day; wrong keys are reported elsewhere, and not one by one.
    if (more.code === 'taken' || message === slowedWords) return;
    const counted = this.#counted(kind, door, message, more);
    counted.timeMs = this.#clock.now();
    counted.count += 1;
    this.#soon();
  }

  #counted(
    kind: Notice['kind'],
    door: Door,
    message: string,
    more: { code?: ErrorCode; who?: string },
  ): CountedNotice {
    const full = this.#notices.size >= noticesMax;
    const ofKind = `${kind} ${door}`;
    const key = full ? ofKind : `${ofKind} ${more.code} ${more.who?.length} ${more.who} ${message}`;
    const known = this.#notices.get(key);
    if (known) return known;
    // Refused input may be quoted in the message.
    const words = full ? 'More of the kind.' : escapeUnseen(message);
    const notice = { kind, door, message: words, ...(full ? {} : more) };
    const counted = { notice, timeMs: 0, count: 0 };
    this.#notices.set(key, counted);
    return counted;
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
      for (const connection of this.#joined.values()) {
        if (this.#all.has(connection.id)) this.#others?.share(connection, this.#drivers.get(connection.id));
      }
      this.#joined.clear();
      this.#left.clear();
      this.#watchers.tell({ name: 'presence', json: JSON.stringify(change) });
    }
    this.#others?.flush();
    if (this.#notices.size + this.#notedElsewhere.length > 0) {
      const own = [...this.#notices.values()].map(asNotice);
      for (const notice of own) this.#others?.notice(notice);
      const notices = [...own, ...this.#notedElsewhere];
      this.#notices.clear();
      this.#notedElsewhere = [];
      this.#watchers.tell({ name: 'notice', json: JSON.stringify(notices) });
    }
  }

  /** First come, first sent: another sign of life does not lose the place in the queue. */
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

function asNotice({ notice, timeMs, count }: CountedNotice): Notice {
  return { time: new Date(timeMs).toISOString(), ...notice, count };
}
