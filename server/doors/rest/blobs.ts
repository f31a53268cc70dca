/** REST's images: the bytes of proofs, in and out. */

import type { z } from 'zod';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { parse } from '../../../protocol/messages.ts';
import { type AnswerOf, rest } from '../../../protocol/rest.ts';
import type { Answers } from '../../edge/answers.ts';
import { imageHeaders } from '../../edge/images.ts';
import { badRequest } from '../../edge/problems.ts';
import { readBytes } from '../../edge/requests.ts';
import type { BlobDesk } from '../../hub/blob-desk.ts';
import { imageTypes } from '../../hub/images.ts';
import type { BlobId } from '../../store/blobs.ts';
import type { routes } from './api.ts';
import { type Call, readerOf, writerOf } from './calls.ts';

type Query<R extends keyof typeof routes> = z.output<(typeof routes)[R]['query']>;
type ParcelQuery = { readonly store: string; readonly orderID: string };

export interface RestBlobsOptions {
  readonly blobs: BlobDesk;
  readonly answers: Answers;
  readonly isKeyed: boolean;
}

export class RestBlobs {
  readonly #options: RestBlobsOptions;

  constructor(options: RestBlobsOptions) {
    this.#options = options;
  }

  async put(call: Call<Query<'putBlob'>>): Promise<void> {
    const { request, response, query } = call;
    const { blobs, answers, isKeyed } = this.#options;
    const id = blobIn(call);
    const actor = writerOf(call, query.store);
    if (actor.role === 'vendor' && query.as === undefined && !isKeyed) {
      const words = 'as: A store sends no images; say who does, ?as=driver:<driver>.';
      throw new CapsError('not-allowed', words, { details: { field: 'as' } });
    }
    await blobs.checkSender(actor, id.parcel);
    // Bodies under way share the room of answers under way. Its sender decides how long this one takes.
    if (!(await answers.room(call, limits.blobBytes, 'long'))) return;
    const bytes = await readBytes(request, imageTypes, limits.blobBytes);
    const { image, isKnown } = await blobs.put(id, bytes);
    const answer: AnswerOf<'PUT /api/blobs/:hash'> = { hash: id.hash, bytes: bytes.length, ...image };
    response.status(isKnown ? 200 : 201).json(answer);
  }

  async show(call: Call<Query<'readBlob'>>): Promise<void> {
    const { blobs, answers } = this.#options;
    const id = blobIn(call);
    const actor = readerOf(call);
    // On a slow network its reader decides how long it takes.
    if (!(await answers.room(call, limits.blobBytes, 'long'))) return;
    const found = await blobs.get(actor, id);
    if (!found) throw badRequest(404, 'hash', 'hash: The parcel has no such image, or not yet.');
    const { response } = call;
    response.set({ ...imageHeaders, etag: `"${id.hash}"` }).vary('authorization');
    response.type(found.image.type).send(Buffer.from(found.bytes));
  }
}

/** @throws CapsError bad-message */
function blobIn({ request, query }: Call<ParcelQuery>): BlobId {
  const { hash } = parse(rest['GET /api/blobs/:hash'].params, request.params);
  return { hash, parcel: { store: query.store, orderID: query.orderID } };
}
