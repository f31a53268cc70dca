import { fetchAs } from '../../app/access-key.ts';

/** What customers are told of a shop. */
export type Profile = Partial<Record<'name' | 'phone' | 'email' | 'address' | 'hours', string>>;

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
  return (await (await ask(store)).json()) as Profile;
}

/** @throws ProfileRefused */
export async function saveProfile(store: string, profile: Profile): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await ask(store, { method: 'PUT', headers, body: JSON.stringify(profile) });
}

const words: Readonly<Record<string, string>> = {
  phone: 'Write a phone number: digits, blanks, and a + before the country’s.',
  email: 'Write an email address, as in zoe@flowers.example.',
};

async function ask(store: string, init?: RequestInit): Promise<Response> {
  const query = new URLSearchParams({ as: `store:${store}` });
  const path = `/api/stores/${encodeURIComponent(store)}?${query}`;
  const response = await fetchAs('vendor', path, init).catch(() => {
    throw new ProfileRefused('The hub does not answer. Try again when you are live.');
  });
  if (response.ok) return response;
  const refused = (await response.json().catch(() => ({}))) as {
    detail?: string;
    details?: { field?: string };
  };
  const field = refused.details?.field;
  throw new ProfileRefused(words[field ?? ''] ?? refused.detail ?? 'The hub did not take it.', field);
}
