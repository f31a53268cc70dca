import { ask } from '../../../client/read.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { keyOf } from '../../app/access-key.ts';
import { answerIn } from '../../app/hub-answer.ts';

/** @throws Error in words for a person */
export async function fetchProfile(store: string): Promise<Profile> {
  return answerIn(await ask('GET /api/stores/:store', askedAs(store)));
}

export const askedAs = (store: string) => ({
  params: { store },
  query: { as: `store:${store}` },
  key: keyOf('vendor'),
});
