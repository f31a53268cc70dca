/** Identifies a client by its handshake and its key. */

import { CapsError } from '../../protocol/errors.ts';
import { keyIn } from '../../protocol/keys.ts';
import { limits, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { type Handshake, parseHandshake } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { type Access, unauthorized } from './access.ts';
import type { KeySource } from './wrong-keys.ts';

export interface Binding {
  readonly actor: Actor;
  readonly handshake: Handshake;
}

/**
 * Validates a handshake. The key may supply role, store and driver.
 * @throws CapsError unsupported-protocol, bad-message, too-large, unauthorized, too-fast
 */
export async function readHandshake(said: unknown, access: Access, from?: KeySource): Promise<Binding> {
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
  // First of all: whoever forgot the key gets no hint about the other fields.
  if (access.isKeyed && !('key' in said && typeof said.key === 'string')) throw unauthorized();
  const handshake = parseHandshake(await completed({ ...said }, access, from));
  return { actor: await access.identify(handshake, from), handshake };
}

type HandshakeFields = Readonly<Record<string, unknown>>;

async function completed(said: HandshakeFields, access: Access, from?: KeySource): Promise<HandshakeFields> {
  const { role, store, driver, key } = said;
  const isWhole = role === 'vendor' ? store !== undefined : role !== 'driver' || driver !== undefined;
  if (role !== undefined && isWhole) return said;
  if (typeof key !== 'string' || key.length > limits.stringLength) return said;
  // With open access, only a customer's link identifies somebody.
  if (!access.isKeyed && !keyIn(key)?.startsWith('trk_')) return said;
  const own: HandshakeFields = identityOf((await access.identifyKey(key, from)).actor({}, ''));
  for (const name of ['role', 'store', 'driver']) {
    if (said[name] !== undefined && said[name] !== own[name]) throw unauthorized();
  }
  return { ...said, ...own };
}

function identityOf(actor: Actor): HandshakeFields {
  if (actor.role === 'vendor') return { role: actor.role, store: actor.store };
  return actor.role === 'driver' ? { role: actor.role, driver: actor.driver } : { role: actor.role };
}
