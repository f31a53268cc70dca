import { ask, type Reply } from '../../../client/read.ts';
import { unreachable } from '../../../protocol/errors.ts';
import type { Profile } from '../../../protocol/rest.ts';
import { keyOf } from '../../app/access-key.ts';

/** Why the hub did not give or take it, in a sentence. */
export class ProfileRefused extends Error {
  /** The part of it that is wrong. */
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** @throws ProfileRefused */
export async function fetchProfile(store: string): Promise<Profile> {
  return profileIn(await ask('GET /api/stores/:store', askedAs(store)));
}

/** @throws ProfileRefused */
export async function saveProfile(store: string, profile: Profile): Promise<void> {
  profileIn(await ask('PUT /api/stores/:store', { ...askedAs(store), body: profile }));
}

const askedAs = (store: string) => ({
  params: { store },
  query: { as: `store:${store}` },
  key: keyOf('vendor'),
});

const words: Readonly<Record<string, string>> = {
  phone: 'Write a phone number: digits, blanks, and a + before the country’s.',
  email: 'Write an email address, as in zoe@flowers.example.',
};

function profileIn(reply: Reply<Profile>): Profile {
  switch (reply.kind) {
    case 'answer':
      return reply.answer;
    case 'refusal': {
      const named = reply.details['field'];
      const field = typeof named === 'string' ? named : undefined;
      throw new ProfileRefused(words[field ?? ''] ?? reply.message, field);
    }
    case 'foreign':
      throw new ProfileRefused('The hub did not take it.');
    case 'silence':
      throw new ProfileRefused('The hub does not answer. Try again when you are live.');
    default:
      return unreachable(reply);
  }
}
