import type { Status } from '../../../protocol/events.ts';
import { type Formats, phrase } from '../formats.ts';

/** Texts of all pages: the frame, the connection, numbers and ages, and the hub's errors. */
export const messages = (f: Formats) => ({
  pages: {
    home: 'CAPS',
    vendor: 'Vendor',
    driver: 'Driver',
    board: 'Board',
    log: 'Log',
    scan: 'Parcel label',
    'not-found': 'Not found',
  },
  /** The window's title: whose page it is. */
  titleOf: (page: string, name: string) => `${page} ${name}`,

  shell: {
    skip: 'Skip to the page',
    brand: 'CAPS, start page',
    nav: 'Pages',
    signOut: 'Sign out',
    connectionLost: 'The connection to the hub is lost.',
    connectionBack: 'The connection to the hub is back.',
    signInMissing: 'The sign-in could not be loaded. Load the page again.',
    notStarted: 'This page could not be loaded. Reload it to try again.',
    tooOld:
      'This browser is too old for this page. It needs iOS 15, Safari 15, Chrome 100, Firefox 102 or a newer one.',
    stopped: (problem: string) =>
      `This page has stopped because of an error (${problem}). Reload it to go on: what was saved on this device is sent then.`,
    reload: 'Reload',
    newVersion: 'New version of this page.',
    refresh: 'Refresh',
    partMissing: 'This could not be loaded',
    partMissingHint: 'Try again when the hub answers, or load the page again.',
  },

  theme: { label: 'Theme', system: 'System', light: 'Light', dark: 'Dark' },
  /** `system`: as the browser asks for. */
  language: { label: 'Language', system: 'System' },

  connection: {
    label: 'Connection',
    connecting: 'Connecting…',
    live: 'Live',
    roundTrip: (ms: number) => `${f.count(ms)} ms`,
    reconnecting: 'Reconnecting…',
    reconnectingIn: (seconds: number) => `Reconnecting in ${f.count(seconds)} s`,
    tryNow: 'Try now',
    offline: 'Offline',
    back: 'Back',
    caughtUp: (n: number) =>
      f.plural(n, { one: 'Back, # event caught up', other: 'Back, # events caught up' }),
    signedOut: 'Not signed in',
    refused: 'Refused',
    refusedWhy: (why: string) => `The hub refused this page: ${why} Reload it to try again.`,
    noNetwork: 'This device has no network.',
    noAnswer: 'The hub does not answer.',
    halted: 'Cannot record',
    /** @param isUp whether this page is connected: then it is only recording that fails */
    outage: <T>(isUp: boolean, since: T) =>
      phrase`The hub has been unable to ${isUp ? 'record' : 'read its log'} since ${since}; it goes on by itself.`,
    meanwhile: {
      vendor: 'What you do is kept in this page and sent once this is over.',
      driver: 'What you do is sent once this is over; claiming has to wait for that.',
      admin: 'What happens meanwhile is shown once this is over.',
      customer: 'What happens meanwhile is shown once this is over.',
    },
    waiting: (n: number) => f.plural(n, { one: '# thing waits.', other: '# things wait.' }),
  },

  hub: {
    noAnswer: 'The hub does not answer. Try again in a moment.',
    status: (code: number) => `The hub answered with ${code}.`,
    unknownKey: 'The hub does not know this key.',
    unknownAddress: 'The hub does not know this address',
    unknownAddressHint: 'This is for whoever runs the hub. The page goes on by itself once it is done.',
  },
  /** Translates an error of the hub. @param said the hub's own sentence, in English */
  error: (_code: string, said: string) => said,

  key: {
    notValid: 'This key is not valid, or not any more. Ask dispatch for a new link.',
  },

  name: {
    label: { store: 'Store name', driver: 'Driver name' },
    change: 'Change',
    /** Behind `change`, for those who do not see where it stands. */
    changeWhat: { store: 'store name', driver: 'driver name' },
    save: 'Save',
    leave: 'Leave as it is',
    enter: 'Enter a name.',
    badSigns: (problem: string) => `Use letters, digits and signs only: this name ${problem}.`,
  },

  /** Statuses, which read the same to everyone. */
  status: {
    ready: 'Ready',
    claimed: 'Claimed',
    'in-transit': 'In transit',
    delivered: 'Delivered',
    failed: 'Failed',
    returning: 'Returning',
    returned: 'Returned',
    cancelled: 'Cancelled',
  } satisfies Record<Status, string>,

  due: {
    late: (span: string) => `Late by ${span}`,
    toCome: <T>(moment: T) => phrase`Due ${moment}`,
    past: <T>(moment: T) => phrase`Was due ${moment}`,
  },
  auto: {
    startsIn: (seconds: number) => `Starts in ${f.count(seconds)} s`,
    notNow: 'Not now',
    /** Behind `notNow`, for those who do not see where it stands. */
    leaveOff: (what: string) => `, leave ${what} off`,
  },
  /** The two ways in. */
  way: {
    label: 'How this page is used',
    try: 'Try it',
    real: 'Work for real',
    /** Once work is for real. */
    again: 'Try it with samples',
  },
  copy: {
    link: 'Copy link',
    copied: 'Copied.',
    refused: 'The browser does not allow it; select the link instead.',
    needsHttps: 'With HTTPS there would be a button here that copies the link.',
  },
  close: 'Close',
  tryAgain: 'Try again',
  tooLong: (most: number) => `Use at most ${f.count(most)} characters.`,
  dispatch: 'Dispatch',
  shop: 'Shop',
  customer: 'Customer',
  hubName: 'Hub',

  /** Durations. */
  span: {
    now: 'now',
    seconds: (n: number) => `${f.count(n)} s`,
    minutes: (n: number) => `${f.count(n)} min`,
    hours: (n: number) => `${f.count(n)} h`,
    days: (n: number) => `${f.count(n)} d`,
  },
  perSecond: (n: string) => `${n}/s`,
  events: (n: number) => f.plural(n, { one: '# event', other: '# events' }),
});

export type Words = ReturnType<typeof messages>;
