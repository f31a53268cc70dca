import { ask, type Reply } from '../../../client/read.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { keyOf } from '../../app/access-key.ts';
import { answerIn, errorText } from '../../app/hub-answer.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';

/** The hub refused a profile. The message is for a person. */
export class ProfileError extends Error {
  /** The field of the profile that is wrong. */
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** @throws ProfileError, or another Error in words for a person */
export async function fetchProfile(store: string): Promise<Profile> {
  return profileIn(await ask('GET /api/stores/:store', askedAs(store)));
}

/** @throws ProfileError, or another Error in words for a person */
export async function saveProfile(store: string, profile: Profile): Promise<Profile> {
  return profileIn(await ask('PUT /api/stores/:store', { ...askedAs(store), body: profile }));
}

const askedAs = (store: string) => ({
  params: { store },
  query: { as: `store:${store}` },
  key: keyOf('vendor'),
});

function profileIn(reply: Reply<Profile>): Profile {
  if (reply.kind !== 'refusal') return answerIn(reply);
  const named = reply.details['field'];
  const field = typeof named === 'string' ? named : undefined;
  throw new ProfileError(refusalText(reply.code, reply.message, field), field);
}

function refusalText(code: string | undefined, message: string, field: string | undefined): string {
  const { badPhone, badEmail, badZone, badLead } = words().details;
  if (field === 'phone') return badPhone;
  if (field === 'email') return badEmail;
  if (field === 'timeZone') return badZone;
  if (field === 'leadMinutes') return badLead;
  return errorText({ code, message });
}
