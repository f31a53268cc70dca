/** REST's repeating orders. */

import { parse } from '../../../protocol/messages.ts';
import { newRepeatSchema, type Repeat } from '../../../protocol/repeats.ts';
import { rest } from '../../../protocol/rest.ts';
import { badRequest } from '../../edge/problems.ts';
import { readJson } from '../../edge/requests.ts';
import type { Repeats } from '../../hub/repeats.ts';
import { type Call, readerOf, writerOf } from './calls.ts';

type AnyCall = Call<{ readonly as?: string | undefined }>;

export class RestRepeats {
  readonly #repeats: Repeats;

  constructor(repeats: Repeats) {
    this.#repeats = repeats;
  }

  async list(call: AnyCall): Promise<void> {
    call.response.json(await this.#repeats.list(readerOf(call), storeIn(call)));
  }

  async add(call: AnyCall): Promise<void> {
    const store = storeIn(call);
    const actor = writerOf(call, store);
    const repeat = await this.#repeats.add(actor, store, await wantedIn(call));
    call.response.status(201).json(repeat);
  }

  async change(call: AnyCall): Promise<void> {
    const { store, id } = oneIn(call);
    const actor = writerOf(call, store);
    const repeat: Repeat | undefined = await this.#repeats.change(actor, store, id, await wantedIn(call));
    if (!repeat) throw none();
    call.response.json(repeat);
  }

  async remove(call: AnyCall): Promise<void> {
    const { store, id } = oneIn(call);
    if (!(await this.#repeats.remove(writerOf(call, store), store, id))) throw none();
    call.response.status(204).end();
  }
}

function storeIn({ request }: AnyCall): string {
  return parse(rest['GET /api/stores/:store/repeats'].params, request.params).store;
}

function oneIn({ request }: AnyCall): { store: string; id: string } {
  return parse(rest['DELETE /api/stores/:store/repeats/:id'].params, request.params);
}

async function wantedIn({ request }: AnyCall) {
  return parse(newRepeatSchema, (await readJson(request)) ?? {});
}

function none(): Error {
  return badRequest(404, 'id', 'id: No order of this store repeats under this id.');
}
