/** Asks the hub about orders that repeat. All reject with an Error in words for a person. */

import { ask, type Reply } from '../../../client/read.ts';
import type { NewRepeat, Repeat } from '../../../protocol/repeats.ts';
import { keyOf } from '../../app/access-key.ts';
import { answerIn } from '../../app/hub-answer.ts';

const askedAs = (store: string) => ({ query: { as: `store:${store}` }, key: keyOf('vendor') });

export async function fetchRepeats(store: string): Promise<readonly Repeat[]> {
  const reply = await ask('GET /api/stores/:store/repeats', { params: { store }, ...askedAs(store) });
  return answerIn(reply as Reply<{ items: readonly Repeat[] }>).items;
}

/** @param id of the one to change; undefined for a new one */
export async function saveRepeat(store: string, id: string | undefined, body: NewRepeat): Promise<void> {
  if (id === undefined) {
    answerIn(await ask('POST /api/stores/:store/repeats', { params: { store }, body, ...askedAs(store) }));
    return;
  }
  const params = { store, id };
  answerIn(await ask('PUT /api/stores/:store/repeats/:id', { params, body, ...askedAs(store) }));
}

export async function endRepeat(store: string, id: string): Promise<void> {
  const reply = await ask('DELETE /api/stores/:store/repeats/:id', {
    params: { store, id },
    ...askedAs(store),
  });
  // It was ended elsewhere: so it is.
  if (reply.kind === 'refusal' && reply.status === 404) return;
  answerIn(reply);
}
