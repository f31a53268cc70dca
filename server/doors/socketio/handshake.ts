/** Who comes in over Socket.IO, by what their handshake says. */

import type { Socket } from 'socket.io';
import { CapsError } from '../../../protocol/errors.ts';
import type { Access } from '../../access/access.ts';
import { type Bound, readHandshake } from '../../access/handshakes.ts';

/**
 * Who has joined; undefined for a plain client, which says nothing of a protocol.
 * @throws CapsError unsupported-protocol, bad-message, too-large, unauthorized, too-fast
 */
export async function boundBy(
  { nsp, handshake: said }: Pick<Socket, 'nsp' | 'handshake'>,
  access: Access,
  address: string,
): Promise<Bound | undefined> {
  const { auth } = said;
  if (!saysProtocol(auth)) {
    const refusal = access.refusalOfUnnamed();
    if (refusal) throw refusal;
    return undefined;
  }
  if (nsp.name !== '/caps') throw elsewhere();
  return readHandshake(auth, access, { address, door: 'socket.io' });
}

/** @param auth is whatever the client sent, whatever the library's type says */
export function saysProtocol(auth: unknown): auth is object {
  return typeof auth === 'object' && auth !== null && 'protocol' in auth;
}

function elsewhere(): CapsError {
  return new CapsError('bad-message', 'The namespace is called "/caps".');
}
