import { type Formats, phrase } from '../formats.ts';

/** What proves that a parcel was handed over, in a panel of the shop or of dispatch. */
export const messages = (f: Formats) => ({
  title: 'Proof',
  photo: 'Photo',
  signature: 'Signature',
  /** Behind what it is: of which step. */
  step: {
    'in-transit': 'Collection',
    delivered: 'Delivery',
    'attempt-failed': 'Attempt',
    returned: 'Return',
  },
  /** The button of a small image. */
  enlarge: (what: string) => `${what}: show large`,
  coming: { photo: 'Photo still to come', signature: 'Signature still to come' },
  loading: 'Loading…',
  notLoaded: 'Not loaded',
  again: 'Try again',
  scanned: <T>(code: T) => phrase`Scanned: ${code}`,
  pinRight: 'The PIN was right.',
  pinsWrong: (n: number) => f.plural(n, { one: '# PIN was wrong.', other: '# PINs were wrong.' }),
  receivedBy: <T>(who: T) => phrase`Received by ${who}`,
  /** Of what the shop asks for. */
  without: {
    photo: 'Delivered without the photo that was asked for.',
    signature: 'Delivered without the signature that was asked for.',
    pin: 'Delivered without the PIN that was asked for.',
    scan: 'Delivered without the scan that was asked for.',
    receivedBy: 'Delivered without the name of who received it.',
  },
});

export type Words = ReturnType<typeof messages>;
