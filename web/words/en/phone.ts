import { type Formats, phrase } from '../formats.ts';

/** Texts of the page that leads a phone to HTTPS. Names of settings are those of current versions. */
export const messages = (_: Formats) => ({
  title: 'Put this phone on HTTPS',
  lead: 'Then the camera, the position, a screen that stays on, copying, and opening without network work here. It takes two minutes, once.',
  choose: 'Which phone is it?',
  systemNames: { android: 'Android', ios: 'iPhone or iPad' },
  steps: {
    android: [
      'Download this hub’s certificate.',
      'Open the phone’s settings, search for “CA certificate”, and choose it.',
      'Press “Install anyway”, and choose the file ca.crt among the downloads.',
    ],
    ios: [
      'Download this hub’s certificate in Safari, and press “Allow”.',
      'Open Settings. At the top is “Profile Downloaded”: open it, and press “Install”.',
      'In Settings, open General, About, Certificate Trust Settings, and switch on “CAPS hub”.',
    ],
  },
  download: 'Download the certificate',
  testHint: 'Come back here, and test it.',
  test: 'Test it',
  testing: 'Testing…',
  notYet:
    'This phone does not trust the hub yet. Check that the last step is done; some browsers have to be closed once.',
  limits:
    'This certificate can vouch for devices of your own network alone, and for no website. To take it back, delete it in the same place.',
  isItOurs: 'Is it really this hub’s?',
  fingerprintHint: 'When the hub starts, it prints this fingerprint. The phone shows it, too (SHA-256).',
  arrived: 'This device is on HTTPS.',
  works: 'Camera, position, a screen that stays on, copying, and opening without network work now.',
  toStart: 'To the pages',
  trusted: 'This hub has HTTPS that every browser trusts.',
  goTo: (origin: string) => `Go to ${origin}`,
  none: 'This hub speaks plain HTTP.',
  noneHint: <T>(setting: T) =>
    phrase`Whoever runs it can set ${setting} to “auto” and start it again; then this page says how to go on.`,
  noAnswer: 'The hub does not answer. Load this page again when it does.',
});

export type Words = ReturnType<typeof messages>;
