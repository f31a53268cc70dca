import { type Formats, phrase } from '../formats.ts';

/** Roles that need an access key. */
type KeyHolder = 'vendor' | 'driver' | 'admin';

const holders: Readonly<Record<KeyHolder, string>> = {
  vendor: 'a store',
  driver: 'a driver',
  admin: 'dispatch',
};

/** The form that asks for a key, where the hub wants one. */
export const messages = (f: Formats) => ({
  signIn: 'Sign in',
  enter: 'Enter the key.',
  label: 'Access key',
  ask: 'This hub asks for an access key. Open the link that you were given, or paste it here, or the key alone.',
  otherRole: (holder: KeyHolder, wanted: KeyHolder) =>
    `This key is for ${holders[holder]}; this page needs one for ${holders[wanted]}.`,
  others: (others: readonly KeyHolder[], wanted: KeyHolder) =>
    `${others.length === 1 ? 'Your key is' : 'Your keys are'} ${f.list(others.map((one) => `${holders[one]}’s`))}; this page is for ${holders[wanted]}.`,
  open: (page: string) => `Open ${page}`,
  another: 'A key for this page, or a link with one, opens it too.',
  source: <T>(setting: T) =>
    phrase`No key yet? Ask dispatch for your link: they issue keys on the page Log. Whoever runs the hub has set the very first one, ${setting}; it is for dispatch.`,
  sourceOfAdmin: <T>(setting: T) =>
    phrase`No key yet? The first one is the hub’s setting ${setting}, which whoever runs the hub has set. It opens this page, and all other keys are issued here.`,
});

export type Words = ReturnType<typeof messages>;
