import { ask } from '../../../client/read.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { answerIn, errorText } from '../../app/hub-answer.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { askedAs } from './profile.ts';

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
export async function saveProfile(store: string, profile: Profile): Promise<Profile> {
  const reply = await ask('PUT /api/stores/:store', { ...askedAs(store), body: profile });
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
