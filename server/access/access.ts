/**
 * The one choke point: who somebody is, and what they may see. What they may do is the parcel's own table
 * (protocol/parcel.ts), which asks for the actor that is made here.
 */

import { z } from 'zod';
import { CapsError, unreachable } from '../../protocol/errors.ts';
import { keyIn } from '../../protocol/keys.ts';
import { type FeedName, type Handshake, parse } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { IssuedKey, KeyRequest, ListedKey } from '../../protocol/rest.ts';
import { newIdSchema } from '../../protocol/texts.ts';
import type { Clock } from '../clock.ts';
import type { Place, Row } from '../store/row.ts';
import type { Keys, Scope } from '../store/store.ts';
import { type KeyHolder, KeyRing } from './keys.ts';
import { type FeedId, feedIds } from './rooms.ts';
import { type From, WrongKeys } from './wrong-keys.ts';

// ---- what an actor sees ----

/** What an actor sees: the feeds it reads live, and the part of the log that they are taken from. */
export interface View {
  /** Where its seq is counted. */
  readonly scope: Scope;
  readonly feeds: readonly FeedId[];
  /** Whether the actor may see this record of its scope in history and answers. */
  sees(row: Row): boolean;
}

/**
 * The seq of a record as the readers of such a scope or feed count it. One that sees only a part must not learn
 * from it how much the others do.
 */
export function seqIn(reader: Scope['kind'] | FeedName, place: Place & { readonly rev: number }): number {
  if (reader === 'store') return place.storeSeq;
  return reader === 'parcel' ? place.rev : place.seq;
}

/** Default deny: what is not listed here is not seen. */
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

/** What a customer's link says; `hub.read` is one. */
export interface Links {
  customerOf(token: string): Promise<Extract<Actor, { role: 'customer' }> | undefined>;
}

/** Who gets in, and as whom. Open: everyone is who they say. Keyed: everyone is whom their key makes them. */
export interface Access {
  readonly isKeyed: boolean;
  /**
   * Who stands behind a handshake.
   * @param from where it comes from, to slow who tries keys @throws CapsError unauthorized, too-fast
   */
  identify(handshake: Handshake, from?: From): Promise<Actor>;
  /** For who does not say who they are, a plain client: `unauthorized` in keyed mode. */
  refusalOfUnnamed(): CapsError | undefined;
  /**
   * Who stands behind a request of HTTP.
   * @param authorization the header; a key in an address is never one @throws CapsError unauthorized, too-fast
   */
  identifyRequest(authorization: string | undefined, from?: From): Promise<Caller>;
  /** The same behind a key. @throws CapsError unauthorized, too-fast */
  identifyKey(key: string | undefined, from?: From): Promise<Caller>;
  /** Of each address that shows wrong keys again and again. */
  readonly wrongKeys: WrongKeys;
  /**
   * For connections that last. Runs `close`, which must not throw, once the actor's key is revoked, also where that
   * has happened since it was identified, with what there is to say. @returns what forgets it again
   */
  onRevoked(actor: Actor, close: Close): () => void;
  /** Issues, lists and revokes keys. @throws CapsError not-allowed */
  keysFor(actor: Actor): KeyDesk;
}

export interface Caller {
  /**
   * @param said what the address says: `admin`, `store:<store>` or `driver:<driver>`, and a name for people
   * @param otherwise in open mode, who it is if the address does not say
   * @throws CapsError bad-message, unauthorized
   */
  actor(said: { as?: string | undefined; name?: string | undefined }, otherwise: string): Actor;
}

type Close = (why: CapsError) => void;

export interface KeyDesk {
  /** @throws CapsError too-large */
  issue(wanted: KeyRequest): Promise<IssuedKey>;
  list(): Promise<ListedKey[]>;
  /** Ends what its holder has open. False where there is none of this id. */
  revoke(id: string): Promise<boolean>;
}

export interface AccessOptions {
  /** Undefined: open. */
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

/** The same for a key that is missing, misspelt, revoked or another's: nothing is to be learned by trying. */
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

/** Customers are whom their link makes them, in both modes. */
async function customerOf(
  { links, wrongKeys }: Doorman,
  key: string | undefined,
  from: From | undefined,
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

  async identify(handshake: Handshake, from?: From): Promise<Actor> {
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

  identifyRequest(authorization: string | undefined, from?: From): Promise<Caller> {
    return this.identifyKey(bearerIn(authorization), from);
  }

  async identifyKey(key: string | undefined, from?: From): Promise<Caller> {
    const customer = await callingCustomer(this.#doorman, key, from);
    return customer ?? { actor: ({ as, name }, otherwise) => actorNamed(as ?? otherwise, name) };
  }

  onRevoked(): () => void {
    return () => {};
  }

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
  /** The id of the key that made somebody who they are. */
  readonly #keyIds = new WeakMap<Actor, string>();
  /** By the id of their key, what ends each connection that is open. */
  readonly #live = new Map<string, Set<Close>>();
  /** Since the start, for those who were identified just before. */
  readonly #revoked = new Set<string>();

  constructor({ ring, clock, ...doorman }: Doorman & { readonly ring: KeyRing; readonly clock: Clock }) {
    this.#ring = ring;
    this.#doorman = doorman;
    this.wrongKeys = doorman.wrongKeys;
    this.#clock = clock;
  }

  async identify(handshake: Handshake, from?: From): Promise<Actor> {
    const { role, key, name } = handshake;
    if (role === 'customer') return customerOf(this.#doorman, key, from, name);
    return this.#actorOf(await this.#holderOf(key, from), role === 'admin' ? role : asOf(handshake), name);
  }

  refusalOfUnnamed(): CapsError {
    return unauthorized();
  }

  identifyRequest(authorization: string | undefined, from?: From): Promise<Caller> {
    return this.identifyKey(bearerIn(authorization), from);
  }

  async identifyKey(key: string | undefined, from?: From): Promise<Caller> {
    const customer = await callingCustomer(this.#doorman, key, from);
    if (customer) return customer;
    const holder = await this.#holderOf(key, from);
    return { actor: ({ as, name }) => this.#actorOf(holder, as, name) };
  }

  async #holderOf(key: string | undefined, from: From | undefined): Promise<KeyHolder> {
    if (key === undefined) throw unauthorized();
    // As it came first: the settings' own may look like anything.
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

  /** @param as who they say they are, which must be who they are */
  #actorOf({ id, role, owner, name }: KeyHolder, as: string | undefined, saidName?: string): Actor {
    // A name that was issued with the key is not to be put on by another.
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
    this.#revoked.add(id);
    for (const close of [...(this.#live.get(id) ?? [])]) close(unauthorized());
    return true;
  }
}

function forAdmins(): CapsError {
  return new CapsError('not-allowed', 'Only admins have to do with keys.');
}

/** `admin`, `store:<store>`, `driver:<driver>`: how an address says who asks. */
function asOf(who: { role: string; store?: string; driver?: string }): string {
  if (who.store !== undefined) return `store:${who.store}`;
  return who.driver === undefined ? who.role : `driver:${who.driver}`;
}

/**
 * The key in a header `Authorization: Bearer …`; any other header holds none. Node reads a header as Latin-1, whatever
 * was pasted into it.
 */
function bearerIn(authorization: string | undefined): string | undefined {
  const said = /^bearer\s+(\S.*)$/is.exec(authorization ?? '')?.[1];
  return said === undefined ? undefined : Buffer.from(said, 'latin1').toString('utf8').trim();
}

/** Where the key is that of a customer's link. @throws CapsError unauthorized */
async function callingCustomer(
  doorman: Doorman,
  key: string | undefined,
  from: From | undefined,
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
