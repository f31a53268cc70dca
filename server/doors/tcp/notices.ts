/**
 * What goes wrong on one connection, and who hears of it:
 *
 *     what a client does wrong   a CapsError for its sender, a notice for dispatch
 *     a bug                      `internal` for its sender, a notice for dispatch, the error itself for the output
 *     a fault of the connection  a notice for dispatch
 *
 * A notice names the client by its address, and by its id once that is known.
 */

import { CapsError, type WireError } from '../../../protocol/errors.ts';
import type { Presence } from '../../hub/presence.ts';

export interface TcpNoticesOptions {
  readonly presence: Pick<Presence, 'notice'>;
  readonly onFault: (error: unknown, what: string) => void;
  readonly address: string;
}

export class TcpNotices {
  readonly #presence: Pick<Presence, 'notice'>;
  readonly #onFault: (error: unknown, what: string) => void;
  #who: string;

  constructor({ presence, onFault, address }: TcpNoticesOptions) {
    this.#presence = presence;
    this.#onFault = onFault;
    this.#who = address;
  }

  /** From now on notices name the client by this id. */
  identify(id: string): void {
    this.#who = id;
  }

  /** The connection is faulty. */
  fault(message: string): void {
    this.#presence.notice('fault', 'tcp', message, { who: this.#who });
  }

  /** The hub has refused a command; the answer says why. */
  refused({ code, message }: Pick<WireError, 'code' | 'message'>): void {
    this.#presence.notice('refused', 'tcp', message, { code, who: this.#who });
  }

  /** Tells dispatch about an error. @returns the error for the client */
  noticed(error: unknown): CapsError {
    const known = this.known(error);
    this.refused(known);
    return known;
  }

  /** Reports a bug to the output and turns it into `internal`. Does not tell dispatch. */
  known(error: unknown): CapsError {
    if (error instanceof CapsError) return error;
    this.#onFault(error, 'a message could not be handled');
    return new CapsError('internal');
  }
}
