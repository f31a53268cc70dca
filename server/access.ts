/**
 * The one choke point: who somebody is, what they may see, and from where a browser may come. What they may do
 * is the parcel's own table (protocol/parcel.ts), which asks for the actor that is made here.
 */

import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { z } from 'zod';
import { CapsError, unreachable } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import { type FeedName, type Handshake, idSchema, parse, parseHandshake } from '../protocol/messages.ts';
import type { Actor } from '../protocol/parcel.ts';
import type { Place, Row, Scope } from './store/store.ts';

/** What an actor sees: the feeds it reads live, and the part of the log that they are taken from. */
export interface View {
  /** Where its seq is counted. */
  readonly scope: Scope;
  readonly feeds: readonly FeedKey[];
  /** Whether the actor may see this record of its scope in history and answers. */
  sees(row: Row): boolean;
}

/** A feed and whose it is: one room, one frame for all who read it. */
export interface FeedKey {
  readonly name: FeedName;
  /** The room's name. Prefixed, so that no id that a user chose can name a room of another kind. */
  readonly room: string;
  /** The store, the driver or the order that a feed belongs to. */
  readonly owner?: string;
}

/** Every feed there is. */
export const feedKeys = {
  log: { name: 'log', room: 'log' },
  board: { name: 'board', room: 'board' },
  store: (store: string): FeedKey => ({ name: 'store', room: `store:${store}`, owner: store }),
  own: (driver: string): FeedKey => ({ name: 'own', room: `own:${driver}`, owner: driver }),
  parcel: (store: string, orderID: string): FeedKey => ({
    name: 'parcel',
    // No id has a line break in it.
    room: `parcel:${store}\n${orderID}`,
    owner: orderID,
  }),
} as const satisfies Record<string, FeedKey | ((...owner: string[]) => FeedKey)>;

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
      return { scope: { kind: 'all' }, feeds: [feedKeys.log], sees: () => true };
    case 'vendor':
      return {
        scope: { kind: 'store', store: actor.store },
        feeds: [feedKeys.store(actor.store)],
        sees: (row) => row.store === actor.store,
      };
    case 'driver':
      return {
        scope: { kind: 'all' },
        feeds: [feedKeys.board, feedKeys.own(actor.driver)],
        sees: (row) => row.drivers.includes(actor.driver),
      };
    case 'customer': {
      const { store, orderID } = actor.parcel;
      return {
        scope: { kind: 'parcel', parcel: actor.parcel },
        feeds: [feedKeys.parcel(store, orderID)],
        sees: (row) => row.store === store && row.orderID === orderID,
      };
    }
    case 'hub':
      return { scope: { kind: 'all' }, feeds: [], sees: () => false };
    default:
      return unreachable(actor);
  }
}

/** What a client says of itself. @throws CapsError unsupported-protocol, bad-message, too-large */
export function readHandshake(auth: unknown): Handshake {
  const protocol =
    typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined;
  if (protocol !== PROTOCOL_VERSION) {
    const said = typeof protocol === 'number' ? `version ${protocol}` : 'no version';
    throw new CapsError(
      'unsupported-protocol',
      `This hub speaks version ${PROTOCOL_VERSION} of the protocol; the client named ${said}.`,
      { details: { supported: [PROTOCOL_VERSION] } },
    );
  }
  return parseHandshake(auth);
}

/** @throws CapsError not-allowed, bad-message */
export function readDuty(actor: Actor, state: unknown): 'on' | 'off' {
  if (actor.role !== 'driver') throw new CapsError('not-allowed', 'Only drivers are on duty.');
  if (state !== 'on' && state !== 'off') throw new CapsError('bad-message', 'Duty is "on" or "off".');
  return state;
}

/** What a customer's link says; `hub.read` is one. */
export interface Links {
  customerOf(token: string): Promise<Extract<Actor, { role: 'customer' }> | undefined>;
}

/**
 * Who stands behind a handshake. In open mode everyone is who they say, but for customers: they are whom their
 * link makes them. @throws CapsError unauthorized
 */
export async function identify(handshake: Handshake, links: Links): Promise<Actor> {
  const { name, key } = handshake;
  switch (handshake.role) {
    case 'vendor':
      return { role: 'vendor', store: handshake.store, name };
    case 'driver':
      return { role: 'driver', driver: handshake.driver, name };
    case 'admin':
      return { role: 'admin', name };
    case 'customer': {
      const customer = key === undefined ? undefined : await links.customerOf(key);
      // The same for a key that is missing, misspelt or of another log: nothing is to be learned by trying.
      if (!customer)
        throw new CapsError('unauthorized', 'A customer needs the link that came with the order.');
      return { ...customer, name };
    }
    default:
      return unreachable(handshake);
  }
}

/**
 * Who stands behind a request of HTTP's. In open mode everyone is who they say.
 * @param as `admin`, `store:<store>` or `driver:<driver>`
 * @throws CapsError bad-message
 */
export function identifyAs(as: string, name: string | undefined): Actor {
  if (as === 'admin') return { role: 'admin', name };
  const [, role, id] = /^(store|driver):(.*)$/s.exec(as) ?? [];
  if (role === undefined) {
    throw new CapsError('bad-message', 'as: Is "admin", "store:<store>" or "driver:<driver>".', {
      details: { field: 'as' },
    });
  }
  const known = parse(z.object({ as: idSchema }), { as: id });
  return role === 'store'
    ? { role: 'vendor', store: known.as, name }
    : { role: 'driver', driver: known.as, name };
}

/** From where a browser may speak to the hub. */
export interface Gate {
  /** Whether a request for this `Host` is meant for us: DNS rebinding names somebody else's. */
  isOurHost(host: string | undefined): boolean;
  /** Whether a page of this `Origin` may speak to us; programs and same-origin reads send none. */
  isOurOrigin(origin: string | undefined, host: string | undefined): boolean;
}

/** @param origins further allowed origins, e.g. `https://caps.example` */
export function createGate(origins: readonly string[]): Gate {
  const extra = new Set(origins);
  const machine = hostname().toLowerCase();
  const names = new Set([
    'localhost',
    machine,
    `${machine}.local`,
    ...origins.map((origin) => new URL(origin).hostname),
  ]);

  function isOurHost(host: string | undefined): boolean {
    const name = hostNameIn(host);
    return name !== undefined && (isIP(name) !== 0 || names.has(name));
  }
  return {
    isOurHost,
    isOurOrigin(origin, host) {
      if (origin === undefined) return true;
      if (extra.has(origin)) return true;
      return isOurHost(host) && hostIn(origin) === host?.toLowerCase();
    },
  };
}

/** `[::1]:3000` → `::1`, `Caps.local:3000` → `caps.local`; undefined where it is no host. */
function hostNameIn(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  const { hostname, pathname, username } = new URL(`http://${host}`);
  if (pathname !== '/' || username !== '') return undefined;
  return hostname.replace(/^\[|\]$/g, '');
}

function hostIn(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
