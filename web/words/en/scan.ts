import type { Formats } from '../formats.ts';

/** Texts of the page that the code on a parcel's label opens. */
export const messages = (_: Formats) => ({
  opening: 'Opening the parcel…',
  ask: 'Open the parcel as',
  askHint: 'This browser has more than one role.',
  as: {
    driver: (name: string) => `Courier ${name}`,
    vendor: (name: string) => `Shop ${name}`,
    admin: 'Dispatch',
  },
  stranger: 'This is the code of a parcel.',
  strangerHint: 'It opens the parcel for its courier, its shop and dispatch. Who are you?',
  keyedHint: 'It opens the parcel for its courier, its shop and dispatch, who sign in with their key.',
  role: { driver: 'I deliver parcels', vendor: 'I am the shop', admin: 'I am dispatch' },
  signIn: {
    driver: 'Sign in as a courier',
    vendor: 'Sign in as the shop',
    admin: 'Sign in as dispatch',
  },
  customer: 'Waiting for a parcel? The shop’s message has the link to your page.',
  noParcel: 'This code names no parcel.',
  noParcelHint: 'Scan the code on a parcel’s label.',
});

export type Words = ReturnType<typeof messages>;
