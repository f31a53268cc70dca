import { ask, type Reply } from '../../../client/read.ts';
import { unreachable } from '../../../protocol/errors.ts';
import type { Profile } from '../../../protocol/rest.ts';
import { keyOf } from '../../app/access-key.ts';
import { errorText } from '../../app/hub-answer.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';

/** Why the hub did not give or take it, in a sentence. */
export class ProfileError extends Error {
  /** The part of it that is wrong. */
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** @throws ProfileError */
export async function fetchProfile(store: string): Promise<Profile> {
  return profileIn(await ask('GET /api/stores/:store', askedAs(store)));
}

/** @throws ProfileError */
export async function saveProfile(store: string, profile: Profile): Promise<void> {
  profileIn(await ask('PUT /api/stores/:store', { ...askedAs(store), body: profile }));
}

const askedAs = (store: string) => ({
  params: { store },
  query: { as: `store:${store}` },
  key: keyOf('vendor'),
});

function profileIn(reply: Reply<Profile>): Profile {
  switch (reply.kind) {
    case 'answer':
      return reply.answer;
    case 'refusal': {
      const named = reply.details['field'];
      const field = typeof named === 'string' ? named : undefined;
      throw new ProfileError(refusalText(reply.code, reply.message, field), field);
    }
    case 'foreign':
      throw new ProfileError(words().details.refused);
    case 'silence':
      throw new ProfileError(words().details.noAnswer);
    default:
      return unreachable(reply);
  }
}

function refusalText(code: string | undefined, message: string, field: string | undefined): string {
  const { badPhone, badEmail } = words().details;
  if (field === 'phone') return badPhone;
  if (field === 'email') return badEmail;
  return errorText({ code, message });
}
