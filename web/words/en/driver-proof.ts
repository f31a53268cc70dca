import { type Formats, phrase } from '../formats.ts';

/** Proofs on the driver's page, whose code is loaded with the first open stop. */
export const messages = (f: Formats) => ({
  /** Names the row. */
  title: 'Proofs',
  chip: { photo: 'Photo', signature: 'Signature', pin: 'PIN', scan: 'Scan' },
  /** Behind a chip's word, for those who do not see its mark. */
  done: 'done',
  wanted: 'missing',
  working: 'One moment…',
  remove: 'Remove',
  /** Names a picture. */
  shown: { photo: 'The photo', signature: 'The signature' },

  problem: {
    'no-image': 'This is no photo that this phone can read.',
    'too-large': 'This photo is too large.',
    full: 'No room for more photos on this phone. Go where there is network, so that they are sent.',
    failed: 'That did not work. Please try again.',
  },

  signature: {
    title: 'Sign here',
    clear: 'Clear',
    done: 'Done',
    dot: 'That is only a dot. Please sign.',
  },

  pin: {
    title: 'PIN from the customer’s page',
    /** Read out. */
    typed: (n: number) => `${f.count(n)} of ${f.count(4)} digits`,
    erase: 'Delete',
    checking: 'Checking…',
    right: 'The PIN is right.',
    kept: 'Saved. The PIN is checked when there is network.',
    wrong: 'Wrong PIN. Ask for it again.',
    usedUp: 'Five PINs were wrong. Dispatch has been told and has to look at this parcel.',
    callShop: 'Call the shop',
    note: 'Note to dispatch',
  },

  scan: {
    title: 'Scan a code',
    aim: 'Point the camera at the code.',
    camera: 'Camera',
    still: 'Photo of the code',
    typed: 'Or type the code',
    use: 'Use',
    none: 'No code was found in this photo.',
    noCamera: 'This page may not use the camera here. Take a photo of the code, or type it.',
    read: (code: string) => `Code ${code}`,
    otherLabel: (id: string) => `This is the label of order ${id}.`,
    otherStore: (id: string, store: string) => `This is the label of order ${id} of ${store}.`,
    /** The button that leads to the other parcel. */
    open: (id: string) => `Open order ${id}`,
  },

  /** What Delivered says instead, or asks first. */
  ask: {
    todo: {
      photo: 'Take photo',
      signature: 'Get signature',
      pin: 'Enter PIN',
      scan: 'Scan code',
      receivedBy: 'Enter name',
    },
    /** Several of these. */
    todoAll: (kinds: readonly string[]) => `Add ${f.list(kinds)}`,
    wanted: (kinds: readonly string[]) => `The shop asks for: ${f.list(kinds)}.`,
    /** The button that goes on all the same. */
    without: (kinds: readonly string[]) => `Without ${f.list(kinds)}`,
  },

  images: {
    waiting: (n: number) =>
      f.plural(n, { one: '# photo waits for network', other: '# photos wait for network' }),
    sending: (n: number) => f.plural(n, { one: '# photo is being sent', other: '# photos are being sent' }),
    hubFull: (n: number) =>
      f.plural(n, {
        one: 'The hub has no room for photos: # photo waits here.',
        other: 'The hub has no room for photos: # photos wait here.',
      }),
    notTaken: (id: string, why: string) => `The hub did not take a photo of order ${id}: ${why}`,
  },

  copy: {
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Not copied',
    /** Read out. */
    addressCopied: 'The address was copied.',
    addressNotCopied: 'The address was not copied.',
  },

  distance: {
    show: 'Show distances',
    /** Behind a distance, read out. */
    straight: 'in a straight line',
    none: 'This phone does not say where it is.',
  },

  limits: {
    atRisk: 'Not saved on this device: keep this page open until it is sent.',
    keepsNothing:
      'This browser keeps nothing for later: leave the page open until everything that you did is sent.',
    needsHttps:
      'What you do without network is saved. With HTTPS the page would also open without network, keep the screen on and copy addresses.',
  },

  duty: {
    backOn: 'Back on duty',
    /** Off duty with parcels in hand: all on the road, none collected yet, or some of both. */
    carried:
      'You are off duty and still have parcels in hand. Deliver what you carry, or return it to the shop.',
    claimed:
      'You are off duty and still have parcels in hand. Pick them up and deliver them, or release them.',
    both: 'You are off duty and still have parcels in hand. Deliver what you carry, or return it to the shop. Release what you have not collected.',
  },

  /** What was done, once a driver has gone off duty. */
  shift: {
    title: 'Your shift',
    since: <T>(moment: T) => phrase`since ${moment}`,
    delivered: 'Delivered',
    failed: 'Not delivered',
    returned: 'Returned',
    inHand: 'Still in hand',
  },

  notes: {
    none: 'Nothing was said yet.',
    new: 'New note',
    send: 'Send',
    /** Switches on that dispatch has to confirm the note. */
    urgent: 'Dispatch must see this',
    sendOf: (id: string) => `note on order ${id}`,
  },

  changed: {
    /** Before the old and the new value, for those who do not see which is struck through. */
    was: 'was',
    now: 'now',
    removed: 'Removed',
    seen: 'Seen',
  },
});

export type Words = ReturnType<typeof messages>;
