import { type Formats, phrase } from '../formats.ts';

export const messages = (_: Formats) => ({
  title: 'Parcels, in step everywhere.',
  lead: 'CAPS is a parcel hub: shops send orders, drivers deliver them, and everyone sees each step the moment it happens.',
  what: {
    vendor: 'The shop: send orders, watch them go, and say thank you when they arrive.',
    driver: 'A phone in one hand: claim an offer, pick it up, deliver it.',
    log: 'Dispatch: every event as it happens, who is connected, and all of the past.',
    /** A link on the card of `log`. */
    board: 'Board: all open parcels by what has to happen, late ones first.',
  },
  needsKey: 'Needs a key',
  code: (url: string) => `QR code that opens ${url}`,
  noAnswer: 'The hub does not answer, so its addresses are not known.',
  addresses: 'This machine on the network',
  scan: 'Scan a code with a phone on the same network, or type the address on another machine. If a code leads nowhere, choose another address.',
  plainHttp: <T>(setting: T) =>
    phrase`Over plain HTTP everything works but what browsers keep for HTTPS: the camera, opening without network, keeping the screen on, copying with one press. To have it, set ${setting} to “auto” and start the hub again.`,
  phone: 'Put a phone on HTTPS',
  phoneWhat:
    'For the camera, a screen that stays on, and opening without network: two minutes, once for each phone.',
  open: 'Access is open: anyone who can reach this hub may take any role. That is for demos and networks you trust.',
  keyed: 'Your key opens what is shown here. Another page needs another key: open its link.',
  noKey:
    'Access needs a key. Open the link that you were given; dispatch issues them on the page Log. The very first key is CAPS_ADMIN_KEY, which whoever runs this hub has set.',
  documentation: 'Documentation',
  version: (version: string) => `Version ${version}`,
});

export type Words = ReturnType<typeof messages>;
