import { CapsError } from '../../protocol/errors.ts';
import { moreOffersSchema, type Offers, type OffersAnswer, parse } from '../../protocol/messages.ts';

/** Retry delay for a request that came too soon. */
const againMs = 100;

/**
 * Serves one connection's requests for more offers, one page at a time. The page is read when the client has taken
 * everything before it, so a client that does not read makes the hub hold one page at most.
 */
export class OfferDesk {
  readonly #read: (from: string | undefined) => Promise<Offers>;
  readonly #taken: () => Promise<void>;
  #isBusy = false;

  /** @param read reads a page @param taken resolves when the client has taken everything, or is gone */
  constructor(read: (from: string | undefined) => Promise<Offers>, taken: () => Promise<void>) {
    this.#read = read;
    this.#taken = taken;
  }

  /** @throws CapsError not-allowed, bad-message, bad-cursor, too-fast while a page is on its way */
  async ask(asked: unknown): Promise<Extract<OffersAnswer, { ok: true }>> {
    const { from } = parse(moreOffersSchema, asked ?? {});
    if (this.#isBusy) {
      throw new CapsError('too-fast', 'One page of offers at a time.', {
        details: { retryAfterMs: againMs },
      });
    }
    this.#isBusy = true;
    try {
      await this.#taken();
      return { ok: true, ...(await this.#read(from)) };
    } finally {
      this.#isBusy = false;
    }
  }
}
