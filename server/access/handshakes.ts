/** Who comes in, by what they say of themselves and what their key says of them. */

import { CapsError } from '../../protocol/errors.ts';
import { keyIn } from '../../protocol/keys.ts';
import { limits, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { type Handshake, parseHandshake } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { type Access, unauthorized } from './access.ts';
import type { From } from './wrong-keys.ts';

export interface Bound {
  readonly actor: Actor;
  readonly handshake: Handshake;
}

/**
 * Whoever says this of themselves. Role, store and driver may be left to the key.
 * @throws CapsError unsupported-protocol, bad-message, too-large, unauthorized, too-fast
 */
export async function readHandshake(said: unknown, access: Access, from?: From): Promise<Bound> {
  const isObject = typeof said === 'object' && said !== null;
  const protocol = isObject && 'protocol' in said ? said.protocol : undefined;
  if (!isObject || protocol !== PROTOCOL_VERSION) {
    const named = typeof protocol === 'number' ? `version ${protocol}` : 'no version';
    throw new CapsError(
      'unsupported-protocol',
      `This hub speaks version ${PROTOCOL_VERSION} of the protocol; the client named ${named}.`,
      { details: { supported: [PROTOCOL_VERSION] } },
    );
  }
  // Before what is missing: who forgot the key is not told to say who they are.
  if (access.isKeyed && !('key' in said && typeof said.key === 'string')) throw unauthorized();
  const handshake = parseHandshake(await completed({ ...said }, access, from));
  return { actor: await access.identify(handshake, from), handshake };
}

type Said = Readonly<Record<string, unknown>>;

async function completed(said: Said, access: Access, from?: From): Promise<Said> {
  const { role, store, driver, key } = said;
  const isWhole = role === 'vendor' ? store !== undefined : role !== 'driver' || driver !== undefined;
  if (role !== undefined && isWhole) return said;
  if (typeof key !== 'string' || key.length > limits.stringLength) return said;
  // Where access is open, only a customer's link says who somebody is.
  if (!access.isKeyed && !keyIn(key)?.startsWith('trk_')) return said;
  const own: Said = identityOf((await access.identifyKey(key, from)).actor({}, ''));
  for (const name of ['role', 'store', 'driver']) {
    if (said[name] !== undefined && said[name] !== own[name]) throw unauthorized();
  }
  return { ...said, ...own };
}

function identityOf(actor: Actor): Said {
  if (actor.role === 'vendor') return { role: actor.role, store: actor.store };
  return actor.role === 'driver' ? { role: actor.role, driver: actor.driver } : { role: actor.role };
}
