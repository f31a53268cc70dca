import { CapsError } from '../../protocol/errors.ts';
import { moreOffersSchema, type Offers, type OffersAnswer, parse } from '../../protocol/messages.ts';

/** Who asks too soon may ask again after so long. */
const againMs = 100;

/**
 * Where one connection asks for more offers: for one page at a time, and it is read when all before it has been taken, so
 * that who asks and does not read has the hub hold one page.
 */
export class OfferDesk {
  readonly #read: (from: string | undefined) => Promise<Offers>;
  readonly #taken: () => Promise<void>;
  #isBusy = false;

  /** @param read gives a page for this connection @param taken resolves when the connection has taken all that it was sent, or is gone */
  constructor(read: (from: string | undefined) => Promise<Offers>, taken: () => Promise<void>) {
    this.#read = read;
    this.#taken = taken;
  }

  /** @throws CapsError not-allowed, bad-message, bad-cursor, too-fast: a page is on its way */
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
