/** The photos of a delivery, for whoever has the tracking link. */

import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Answers, Exchange } from '../../edge/answers.ts';
import { imageHeaders } from '../../edge/images.ts';
import { badRequest } from '../../edge/problems.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Customer } from '../../hub/reads.ts';

export class TrackPhotos {
  readonly #hub: Hub;
  readonly #answers: Answers;

  constructor(hub: Hub, answers: Answers) {
    this.#hub = hub;
    this.#answers = answers;
  }

  /** @param find the customer with a token @returns whether the request was for a photo @throws CapsError */
  async answers(
    exchange: Exchange,
    find: (token: string) => Promise<Customer | undefined>,
  ): Promise<boolean> {
    const [, token, hash] = /^\/([\w-]+)\/photo\/([0-9a-f]{64})$/.exec(exchange.request.path) ?? [];
    if (token === undefined || hash === undefined) return false;
    const customer = await find(token);
    if (!customer) throw new CapsError('unknown-parcel');
    await this.#show(exchange, customer, hash);
    return true;
  }

  async #show(exchange: Exchange, customer: Customer, hash: string): Promise<void> {
    const id = { parcel: customer.parcel, hash };
    if (
      (await this.#hub.blobs.has(customer, id)) &&
      !(await this.#answers.room(exchange, limits.blobBytes, 'long'))
    )
      return;
    const found = await this.#hub.blobs.get(customer, id);
    if (!found) throw badRequest(404, 'hash', 'hash: The parcel has no such photo, or not yet.');
    const { response } = exchange;
    response.set({ ...imageHeaders, etag: `"${hash}"` });
    response.type(found.image.type).send(Buffer.from(found.bytes));
  }
}
