import type { Formats } from '../formats.ts';

/** Texts for a parcel whose label a driver has scanned, and that they do not hold. */
export const messages = (_: Formats) => ({
  title: 'Scanned parcel',
  scan: 'Scan a label',
  noLabel: 'This is neither a label nor the number of an offer or a stop.',
  asking: 'Asking the hub…',
  unknown: 'There is no such parcel for you.',
  claim: 'Claim',
  takenBy: (name: string) => `Taken by ${name}.`,
  close: 'Close',
});

export type Words = ReturnType<typeof messages>;
