/** Identifies Socket.IO clients by their handshake. */

import type { Socket } from 'socket.io';
import { CapsError } from '../../../protocol/errors.ts';
import type { Access } from '../../access/access.ts';
import { type Binding, readHandshake } from '../../access/handshakes.ts';

/**
 * The client's actor; undefined for a plain client, which names no protocol.
 * @throws CapsError unsupported-protocol, bad-message, too-large, unauthorized, too-fast
 */
export async function boundBy(
  { nsp, handshake: said }: Pick<Socket, 'nsp' | 'handshake'>,
  access: Access,
  address: string,
): Promise<Binding | undefined> {
  const { auth } = said;
  if (!saysProtocol(auth)) {
    const refusal = access.refusalOfUnnamed();
    if (refusal) throw refusal;
    return undefined;
  }
  if (nsp.name !== '/caps') throw elsewhere();
  return readHandshake(auth, access, { address, door: 'socket.io' });
}

/** @param auth anything at all, whatever the library's type says */
export function saysProtocol(auth: unknown): auth is object {
  return typeof auth === 'object' && auth !== null && 'protocol' in auth;
}

function elsewhere(): CapsError {
  return new CapsError('bad-message', 'The namespace is called "/caps".');
}
