import { type Formats, phrase } from '../formats.ts';

/** The access keys: issuing and revoking them. */
export const messages = (_: Formats) => ({
  issued: 'Issued',
  list: 'Issued keys',
  none: 'No keys yet.',
  noneHint: 'Issue one for each store and each driver.',
  new: 'New key',
  for: 'For',
  whose: 'Whose it is (optional)',
  issue: 'Issue key',
  keyFor: (whose: string) => `Key for ${whose}.`,
  once: 'It is shown now and never again: hand over the link, or the code.',
  code: 'QR code that signs a device in',
  done: 'Done',
  facts: <T>(hint: T, since: T) => phrase`${hint} · since ${since}`,
  revoke: 'Revoke',
  /** The same in full; what is seen is part of it. */
  revokeWhat: (whose: string, hint: string) => `Revoke the key of ${whose}, ${hint}`,
  revoked: 'Revoked',
});

export type Words = ReturnType<typeof messages>;
