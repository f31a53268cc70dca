import { ask } from '../../../client/read.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { answerIn, errorText } from '../../app/hub-answer.ts';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { askedAs } from './profile.ts';

/** The hub refused a profile. The message is for a person. */
export class ProfileError extends Error {
  /** What is wrong, by the fields of the profile. */
  readonly problems: ReadonlyMap<string, string>;

  constructor(message: string, problems: ReadonlyMap<string, string>) {
    super(message);
    this.problems = problems;
  }
}

/** @throws ProfileError, or another Error in words for a person */
export async function saveProfile(store: string, profile: Profile): Promise<Profile> {
  const reply = await ask('PUT /api/stores/:store', { ...askedAs(store), body: profile });
  if (reply.kind !== 'refusal') return answerIn(reply);
  const problems = new Map<string, string>();
  const told = reply.details['problems'];
  for (const one of Array.isArray(told) ? told : [reply.details]) {
    const { field, message = reply.message } = Object(one) as Record<string, unknown>;
    if (typeof field === 'string' && !problems.has(field))
      problems.set(field, refusalText(reply.code, String(message), field));
  }
  throw new ProfileError(refusalText(reply.code, reply.message, undefined), problems);
}

function refusalText(code: string | undefined, message: string, field: string | undefined): string {
  const { badPhone, badEmail, badZone, badLead } = words().details;
  if (field === 'phone') return badPhone;
  if (field === 'email') return badEmail;
  if (field === 'timeZone') return badZone;
  if (field === 'leadMinutes') return badLead;
  return errorText({ code, message });
}
