import { type Formats, phrase } from '../formats.ts';
import { life } from './life-driver.ts';

export const messages = (f: Formats) => ({
  ...life,

  /** Behind a button's word, for those who hear a list of buttons. */
  ofOrder: (id: string) => `order ${id}`,
  undo: 'Undo',
  ok: 'OK',
  back: 'Back',
  scan: 'Scan',
  sending: 'Sending…',
  waiting: 'Waiting for the hub…',
  way: 'Try it with a driver that delivers by itself, or work for real?',
  autoDeliver: 'Auto deliver',
  ring: 'Ring for new offers',

  duty: {
    on: 'On duty',
    goOn: 'Go on duty',
    off: 'You are off duty.',
    offHint: 'The offers wait for whoever is on duty.',
  },

  notBefore: <T>(moment: T) => phrase`Not before ${moment}`,

  saved: {
    list: 'Saved',
    saved: 'Saved, will send',
    memory: 'Will send',
    notSaved: 'Not saved, will send',
  },

  offers: {
    title: 'Offers',
    none: 'No offers.',
    willRing: 'You are on duty; this page will ring.',
    willCome: 'You are on duty; a new offer appears here by itself.',
    sooner: (n: number) => f.plural(n, { one: '# is due sooner', other: '# are due sooner' }),
    more: (n: number) =>
      f.plural(n, { one: '# more waits behind these.', other: '# more wait behind these.' }),
    /** Orders whose time has not come. */
    later: (n: number) => f.plural(n, { one: '# for later', other: '# for later' }),
    showMore: 'Show more',
    claim: 'Claim',
    needsNetwork: 'needs the network',
    yours: 'Yours',
    taken: 'Taken',
    takenBy: (name: string) => `Taken by ${name}.`,
    gone: 'No longer on offer.',
    goneOf: (id: string) => `Order ${id} is no longer on offer.`,
    nextBelow: 'Next offer below.',
    /** Read out. */
    count: (n: number) => f.plural(n, { one: '# on offer.', other: '# on offer.' }),
  },

  hand: {
    title: 'In hand',
    none: 'Nothing in hand.',
    autoClaims: 'Auto deliver claims the next offer by itself.',
    claimOne: 'Claim an offer, and it is here.',
    backTo: <T>(store: T) => phrase`Back to ${store}`,
    attempts: (n: number) => f.plural(n, { one: '# failed attempt', other: '# failed attempts' }),
    deliversIn: (seconds: number) => `Delivers by itself in ${f.count(seconds)} s`,
    picksUpIn: (seconds: number) => `Picks up by itself in ${f.count(seconds)} s`,
    /** Read out. @param text what happened to it, a sentence */
    newsOf: (id: string, text: string) => `Order ${id}. ${text}`,
  },
  /** The list of stops. */
  stops: {
    doNext: 'Do next',
    later: 'Later',
    collectAt: <T>(shop: T) => phrase`Collect at ${shop}`,
    pickedUpAll: (n: number) => `Picked up all ${f.count(n)}`,
    undoAll: (n: number) => `Undo all ${f.count(n)}`,
    /** Behind these two, for those who do not see where they stand. */
    at: (shop: string) => `at ${shop}`,
    /** What a stop needs; else its status says so. */
    need: { claimed: 'Collect', 'in-transit': 'Deliver' },
  },

  /** Why a parcel is not in hand any more. */
  news: {
    cancelled: 'The shop called this one off.',
    cancelledByDispatch: 'Dispatch called this one off.',
    ready: 'This one is on offer again.',
    returned: 'The shop has this one again.',
    givenTo: (name: string) => `Dispatch gave this one to ${name}.`,
    gone: 'This one is not in your hands any more.',
  },

  /** An order that was changed after its driver took it. */
  changed: {
    title: 'Order changed',
    field: {
      customer: 'Customer',
      address: 'Address',
      phone: 'Phone',
      email: 'Email',
      note: 'Note',
      notBefore: 'Not before',
      dueAt: 'Due',
    },
    /** Read out. */
    said: (id: string, fields: readonly string[]) => `Order ${id} was changed: ${f.list(fields)}.`,
  },

  step: {
    pickedUp: 'Picked up',
    release: 'Release',
    delivered: 'Delivered',
    notDelivered: 'Could not deliver',
    returnToShop: 'Return to shop',
    returned: 'Returned',
    whyNot: 'Why could it not be delivered?',
    /** Names the row of outcomes. */
    whoHasIt: 'Who has it',
    receivedBy: 'Received by (optional)',
    receivedByWanted: 'Received by',
    nameMissing: 'Enter a name.',
  },
  /** Toasts of finished steps, beside Undo. */
  done: {
    claimed: 'Claimed.',
    'in-transit': 'Picked up.',
    delivered: 'Delivered.',
    released: 'Given back.',
    'attempt-failed': 'Not delivered.',
    retried: 'Trying again.',
    returning: 'On the way back to the shop.',
    returned: 'Back at the shop.',
  },
  /** @param done one of `done` @param said a reason, or who has it */
  doneWith: (done: string, said: string) => `${done} ${said}.`,
  receivedBy: (who: string, name: string) => `${who}, ${name}`,

  /** Photos, signatures and so on. */
  proof: {
    /** Within lists. */
    kind: { photo: 'photo', signature: 'signature', pin: 'PIN', scan: 'scan', receivedBy: 'name' },
    /** Behind a step that waits. */
    together: (kinds: readonly string[]) => `with ${f.list(kinds)}`,
    pinWasWrong: 'The PIN was wrong.',
    pinsUsedUp: 'Five PINs were wrong. Dispatch has to look at this parcel.',
    notLoaded: 'Photos and signatures come with the network.',
  },

  tools: {
    maps: 'Maps',
    call: 'Call',
  },
  notes: {
    title: 'Notes',
    counted: (n: number) => `Notes (${f.count(n)})`,
    /** Before such a note. */
    forDispatch: 'for dispatch',
    /** Behind a note for dispatch. */
    seen: '✓ Seen by dispatch',
    unseen: 'Not seen by dispatch yet',
    you: 'You',
  },

  refused: {
    title: 'Not recorded',
    /** Why. @param status how it stood by then */
    settled: (status: string) => `It was already settled: ${status}.`,
    tooLate: 'It was too late for that.',
    notYours: 'The parcel was not in your hands any more.',
    /** Read out. */
    said: 'Something that you did was not recorded.',
  },
});

export type Words = ReturnType<typeof messages>;
