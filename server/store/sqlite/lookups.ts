/** What the decisions of one commit look up, when they ask. */

import type { ParcelId } from '../../../protocol/orders.ts';
import type { Row } from '../row.ts';
import { type CommandId, DamagedError, type Head, type LookupResult, type StoredParcel } from '../store.ts';

interface Source {
  parcel(key: ParcelId): StoredParcel | undefined;
  command(key: CommandId): Row | undefined;
}

export class Lookups implements LookupResult {
  readonly head: Head;
  readonly #source: Source;
  #failure: { readonly error: unknown } | undefined;

  constructor(head: Head, source: Source) {
    this.head = head;
    this.#source = source;
  }

  readonly parcel = (key: ParcelId): StoredParcel | undefined => this.#look(() => this.#source.parcel(key));

  readonly command = (key: CommandId): Row | undefined => this.#look(() => this.#source.command(key));

  /**
   * Damage costs only the command that asks for it. Any other failure is the disk's, which must not look like a decision.
   * @throws what a lookup has thrown
   */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #look<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof DamagedError)) this.#failure ??= { error };
      throw error;
    }
  }
}
