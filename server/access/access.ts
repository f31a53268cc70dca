/**
 * The one choke point: who an actor is and what they may see. What they may do is in the parcel's own table
 * (protocol/parcel.ts), which asks for the actor made here.
 */

import { z } from 'zod';
import { CapsError, unreachable } from '../../protocol/errors.ts';
import { keyIn } from '../../protocol/keys.ts';
import { type FeedName, type Handshake, parse } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { IssuedKey, KeyRequest, ListedKey } from '../../protocol/rest.ts';
import { newIdSchema } from '../../protocol/texts.ts';
import type { Clock } from '../clock.ts';
import type { Position, Row } from '../store/row.ts';
import type { Keys, Scope } from '../store/store.ts';
import { type KeyHolder, KeyRing } from './keys.ts';
import { type FeedId, feedIds } from './rooms.ts';
import { type KeySource, WrongKeys } from './wrong-keys.ts';

// ---- what an actor sees ----

/** What an actor sees: its live feeds, and the part of the log behind them. */
export interface View {
  /** The scope that its seqs count. */
  readonly scope: Scope;
  readonly feeds: readonly FeedId[];
  /** Whether the actor may see this record of its scope. */
  sees(row: Row): boolean;
}

/** A record's seq for the readers of this scope or feed. A reader of a part must not learn the volume of the rest. */
export function seqIn(reader: Scope['kind'] | FeedName, place: Position & { readonly rev: number }): number {
  if (reader === 'store') return place.storeSeq;
  return reader === 'parcel' ? place.rev : place.seq;
}

/** Whose seqs an actor counts, as in its view. Every answer asks, and a view is more than that. */
export function scopeKindOf({ role }: Actor): Scope['kind'] {
  if (role === 'vendor') return 'store';
  return role === 'customer' ? 'parcel' : 'all';
}

/** Denies by default: an actor sees only what is listed here. */
export function viewOf(actor: Actor): View {
  switch (actor.role) {
    case 'admin':
      return { scope: { kind: 'all' }, feeds: [feedIds.log], sees: () => true };
    case 'vendor':
      return {
        scope: { kind: 'store', store: actor.store },
        feeds: [feedIds.store(actor.store)],
        sees: (row) => row.store === actor.store,
      };
    case 'driver':
      return {
        scope: { kind: 'all' },
        feeds: [feedIds.board, feedIds.own(actor.driver)],
        sees: (row) => row.drivers.includes(actor.driver),
      };
    case 'customer': {
      const { store, orderID } = actor.parcel;
      return {
        scope: { kind: 'parcel', parcel: actor.parcel },
        feeds: [feedIds.parcel(store, orderID)],
        sees: (row) => row.store === store && row.orderID === orderID,
      };
    }
    case 'hub':
      return { scope: { kind: 'all' }, feeds: [], sees: () => false };
    default:
      return unreachable(actor);
  }
}

/** @throws CapsError not-allowed, bad-message */
export function readDuty(actor: Actor, state: unknown): 'on' | 'off' {
  if (actor.role !== 'driver') throw new CapsError('not-allowed', 'Only drivers are on duty.');
  if (state !== 'on' && state !== 'off') throw new CapsError('bad-message', 'Duty is "on" or "off".');
  return state;
}

// ---- who somebody is ----

/** Looks up customers by their link; `hub.read` implements it. */
export interface Links {
  customerOf(token: string): Promise<Extract<Actor, { role: 'customer' }> | undefined>;
}

/** Identifies actors. Open: the client says who it is. Keyed: the key says it. */
export interface Access {
  readonly isKeyed: boolean;
  /** The actor of a handshake. @param from its source, to slow guessing @throws CapsError unauthorized, too-fast */
  identify(handshake: Handshake, from?: KeySource): Promise<Actor>;
  /** The refusal for a client that names nobody, i.e. a plain client: `unauthorized` in keyed mode. */
  refusalOfUnnamed(): CapsError | undefined;
  /**
   * The caller of an HTTP request.
   * @param authorization the header; keys in addresses never count @throws CapsError unauthorized, too-fast
   */
  identifyRequest(authorization: string | undefined, from?: KeySource): Promise<Caller>;
  /** The caller with this key. @throws CapsError unauthorized, too-fast */
  identifyKey(key: string | undefined, from?: KeySource): Promise<Caller>;
  /**
   * What an actor has shown, to be kept with what it makes and what goes on without it: `key:<id>`, `admin-key` for the one
   * from the settings, `open` where nobody shows anything.
   */
  credentialOf(actor: Actor): string;
  /** Counts wrong keys per address. */
  readonly wrongKeys: WrongKeys;
  /**
   * For lasting connections: calls `close` when the actor's key is, or already was, revoked. `close` must not throw.
   * @returns unsubscribe
   */
  onRevoked(actor: Actor, close: Close): () => void;
  /** Issues, lists and revokes keys. @throws CapsError not-allowed */
  keysFor(actor: Actor): KeyDesk;
  /** Ends the connections whose keys another hub on the same log has revoked. */
  endRevoked(): Promise<void>;
}

export interface Caller {
  /**
   * @param said from the address: `admin`, `store:<store>` or `driver:<driver>`, and a display name
   * @param otherwise the default in open mode
   * @throws CapsError bad-message, unauthorized
   */
  actor(said: { as?: string | undefined; name?: string | undefined }, otherwise: string): Actor;
}

type Close = (why: CapsError) => void;

export interface KeyDesk {
  /** @throws CapsError too-large */
  issue(wanted: KeyRequest): Promise<IssuedKey>;
  list(): Promise<ListedKey[]>;
  /** Also ends the holder's connections. False if there is no such key. */
  revoke(id: string): Promise<boolean>;
}

export interface AccessOptions {
  /** Undefined means open access. */
  readonly adminKey: string | undefined;
  readonly keys: Keys;
  readonly links: Links;
  readonly clock: Clock;
}

export function createAccess({ adminKey, keys, links, clock }: AccessOptions): Access {
  const wrongKeys = new WrongKeys(clock);
  if (adminKey === undefined) return new OpenAccess({ links, wrongKeys });
  return new KeyedAccess({ ring: new KeyRing(keys, clock, adminKey), links, clock, wrongKeys });
}

/** One error for missing, misspelt, revoked and foreign keys, so that guessing teaches nothing. */
export function unauthorized(): CapsError {
  return new CapsError(
    'unauthorized',
    'This needs a valid access key that fits who you say you are; ask dispatch for one.',
  );
}

interface Doorman {
  readonly links: Links;
  readonly wrongKeys: WrongKeys;
}

/** Customers are identified by their link in both modes. */
async function customerOf(
  { links, wrongKeys }: Doorman,
  key: string | undefined,
  from: KeySource | undefined,
  name?: string,
): Promise<Actor> {
  const token = keyIn(key ?? '');
  const customer = token === undefined ? undefined : await links.customerOf(token);
  if (customer) return { ...customer, name };
  if (key !== undefined) await wrongKeys.turn(from);
  throw new CapsError('unauthorized', 'A customer needs the link that came with the order.');
}

class OpenAccess implements Access {
  readonly isKeyed = false;
  readonly wrongKeys: WrongKeys;
  readonly #doorman: Doorman;

  constructor(doorman: Doorman) {
    this.#doorman = doorman;
    this.wrongKeys = doorman.wrongKeys;
  }

  async identify(handshake: Handshake, from?: KeySource): Promise<Actor> {
    const { name } = handshake;
    switch (handshake.role) {
      case 'vendor':
        return { role: 'vendor', store: handshake.store, name };
      case 'driver':
        return { role: 'driver', driver: handshake.driver, name };
      case 'admin':
        return { role: 'admin', name };
      case 'customer':
        return customerOf(this.#doorman, handshake.key, from, name);
      default:
        return unreachable(handshake);
    }
  }

  refusalOfUnnamed(): undefined {}

  identifyRequest(authorization: string | undefined, from?: KeySource): Promise<Caller> {
    return this.identifyKey(bearerIn(authorization), from);
  }

  async identifyKey(key: string | undefined, from?: KeySource): Promise<Caller> {
    const customer = await callingCustomer(this.#doorman, key, from);
    return customer ?? { actor: ({ as, name }, otherwise) => actorNamed(as ?? otherwise, name) };
  }

  credentialOf(): string {
    return 'open';
  }

  onRevoked(): () => void {
    return () => {};
  }

  async endRevoked(): Promise<void> {}

  keysFor(actor: Actor): KeyDesk {
    if (actor.role !== 'admin') throw forAdmins();
    throw new CapsError('not-allowed', 'This hub is open to everyone; with CAPS_ADMIN_KEY set it has keys.', {
      details: { status: 409 },
    });
  }
}

class KeyedAccess implements Access {
  readonly isKeyed = true;
  readonly wrongKeys: WrongKeys;
  readonly #ring: KeyRing;
  readonly #doorman: Doorman;
  readonly #clock: Clock;
  /** The id of the key behind each actor. */
  readonly #keyIds = new WeakMap<Actor, string>();
  /** Callbacks that end connections, by key id. */
  readonly #live = new Map<string, Set<Close>>();
  /** Ids revoked since the start, for actors identified just before. */
  readonly #revoked = new Set<string>();

  constructor({ ring, clock, ...doorman }: Doorman & { readonly ring: KeyRing; readonly clock: Clock }) {
    this.#ring = ring;
    this.#doorman = doorman;
    this.wrongKeys = doorman.wrongKeys;
    this.#clock = clock;
  }

  async identify(handshake: Handshake, from?: KeySource): Promise<Actor> {
    const { role, key, name } = handshake;
    if (role === 'customer') return customerOf(this.#doorman, key, from, name);
    return this.#actorOf(await this.#holderOf(key, from), role === 'admin' ? role : asOf(handshake), name);
  }

  refusalOfUnnamed(): CapsError {
    return unauthorized();
  }

  identifyRequest(authorization: string | undefined, from?: KeySource): Promise<Caller> {
    return this.identifyKey(bearerIn(authorization), from);
  }

  async identifyKey(key: string | undefined, from?: KeySource): Promise<Caller> {
    const customer = await callingCustomer(this.#doorman, key, from);
    if (customer) return customer;
    const holder = await this.#holderOf(key, from);
    return { actor: ({ as, name }) => this.#actorOf(holder, as, name) };
  }

  async #holderOf(key: string | undefined, from: KeySource | undefined): Promise<KeyHolder> {
    if (key === undefined) throw unauthorized();
    // First as written: the key from the settings may have any form.
    const ways = [...new Set([key, keyIn(key)])].filter((one) => one !== undefined);
    for (const one of ways) {
      const holder = await this.#ring.find(one);
      if (holder) return holder;
    }
    await this.wrongKeys.turn(from);
    const admin = ways.map((one) => this.#ring.findAdmin(one)).find((holder) => holder !== undefined);
    if (!admin) throw unauthorized();
    this.wrongKeys.wasRight(from);
    return admin;
  }

  /** @param as who they claim to be, which must match the key */
  #actorOf({ id, role, owner, name }: KeyHolder, as: string | undefined, saidName?: string): Actor {
    // A name issued with the key cannot be overridden.
    const called = { name: name === '' ? saidName : name };
    const actor: Actor =
      role === 'vendor'
        ? { role, store: owner, ...called }
        : role === 'driver'
          ? { role, driver: owner, ...called }
          : { role, id, ...called };
    if (as !== undefined && as !== asOf(actor)) throw unauthorized();
    if (id !== undefined) this.#keyIds.set(actor, id);
    return actor;
  }

  credentialOf(actor: Actor): string {
    const id = this.#keyIds.get(actor);
    return id === undefined ? 'admin-key' : `key:${id}`;
  }

  onRevoked(actor: Actor, close: Close): () => void {
    const id = this.#keyIds.get(actor);
    if (id === undefined) return () => {};
    if (this.#revoked.has(id)) this.#clock.soon(() => close(unauthorized()));
    const open = this.#live.get(id) ?? new Set();
    this.#live.set(id, open.add(close));
    return () => {
      open.delete(close);
      if (open.size === 0 && this.#live.get(id) === open) this.#live.delete(id);
    };
  }

  keysFor(actor: Actor): KeyDesk {
    if (actor.role !== 'admin') throw forAdmins();
    return {
      issue: (wanted) => this.#ring.issue(wanted),
      list: () => this.#ring.list(),
      revoke: (id) => this.#revoke(id),
    };
  }

  async #revoke(id: string): Promise<boolean> {
    if (!(await this.#ring.revoke(id))) return false;
    this.#end(id);
    return true;
  }

  async endRevoked(): Promise<void> {
    if (this.#live.size === 0) return;
    for (const id of await this.#ring.revokedAmong([...this.#live.keys()])) this.#end(id);
  }

  /** Ends the connections of a key's holder. */
  #end(id: string): void {
    this.#revoked.add(id);
    for (const close of [...(this.#live.get(id) ?? [])]) close(unauthorized());
  }
}

function forAdmins(): CapsError {
  return new CapsError('not-allowed', 'Only admins have to do with keys.');
}

/** Formats an actor as in addresses: `admin`, `store:<store>`, `driver:<driver>`. */
function asOf(who: { role: string; store?: string; driver?: string }): string {
  if (who.store !== undefined) return `store:${who.store}`;
  return who.driver === undefined ? who.role : `driver:${who.driver}`;
}

/**
 * The key in `Authorization: Bearer …`; undefined for other headers. Node reads headers as Latin-1, whatever was
 * pasted.
 */
function bearerIn(authorization: string | undefined): string | undefined {
  const said = /^bearer\s+(\S.*)$/is.exec(authorization ?? '')?.[1];
  return said === undefined ? undefined : Buffer.from(said, 'latin1').toString('utf8').trim();
}

/** The caller, if the key is a customer's link. @throws CapsError unauthorized */
async function callingCustomer(
  doorman: Doorman,
  key: string | undefined,
  from: KeySource | undefined,
): Promise<Caller | undefined> {
  if (!keyIn(key ?? '')?.startsWith('trk_')) return undefined;
  const customer = await customerOf(doorman, key, from);
  return {
    actor({ as, name }) {
      if (as !== undefined) throw unauthorized();
      return { ...customer, name };
    },
  };
}

/** @param as `admin`, `store:<store>` or `driver:<driver>` @throws CapsError bad-message */
function actorNamed(as: string, name: string | undefined): Actor {
  if (as === 'admin') return { role: 'admin', name };
  const [, role, id] = /^(store|driver):(.*)$/s.exec(as) ?? [];
  if (role === undefined) {
    throw new CapsError('bad-message', 'as: Must be "admin", "store:<store>" or "driver:<driver>".', {
      details: { field: 'as' },
    });
  }
  const known = parse(z.object({ as: newIdSchema }), { as: id });
  return role === 'store'
    ? { role: 'vendor', store: known.as, name }
    : { role: 'driver', driver: known.as, name };
}
