import { type Formats, phrase } from '../formats.ts';
import { life } from './life-customer.ts';

/** The customer's page. The hub writes it, and hands the page what it says by itself. */
export const messages = (f: Formats) => ({
  ...life,

  title: (id: string, status: string) => `Order ${id}: ${status.toLowerCase()}`,
  titleLate: (id: string, status: string) => `Order ${id}: ${status.toLowerCase()}, late`,
  noOrder: {
    title: 'No order here',
    heading: 'There is no order behind this link.',
    hint: 'Perhaps it was cut short when it was copied. Open it once more from the message that you got, or ask your shop to send it again.',
  },
  notShown: { title: 'Not shown here', heading: 'This page cannot be shown at this address.' },
  notNow: {
    title: 'One moment',
    heading: 'Your order cannot be shown right now.',
    hint: 'This page tries again by itself.',
  },

  now: 'Now',
  late: 'Late',
  /** A driver without a name, at the beginning of a sentence and within one. */
  driver: { first: 'Your driver', within: 'your driver' },

  /** Headlines. Non-breaking spaces keep phrases together. */
  headline: {
    ready: <T>(shop: T) => phrase`${shop} has your\u00a0order ready`,
    claimed: <T>(driver: T) => phrase`${driver} will pick\u00a0up your\u00a0order`,
    inTransit: <T>(driver: T) => phrase`${driver} picked\u00a0up your\u00a0order`,
    again: <T>(driver: T) => phrase`${driver} is trying\u00a0again`,
    delivered: <T>(driver: T) => phrase`${driver} delivered your\u00a0order`,
    failed: <T>(driver: T) => phrase`${driver} could not deliver your\u00a0order`,
    returning: <T>(shop: T) => phrase`Your order is going\u00a0back to ${shop}`,
    returned: <T>(shop: T) => phrase`Your order is\u00a0back at ${shop}`,
    cancelled: 'Your order was\u00a0cancelled',
  },
  when: {
    between: <T>(from: T, to: T) => phrase`It comes between ${from} and ${to}.`,
    after: <T>(from: T) => phrase`It comes after ${from}.`,
    due: <T>(moment: T) => phrase`Due by ${moment}.`,
    wasDue: <T>(moment: T) => phrase`It was due by ${moment}.`,
    usually: <T>(shop: T, span: string) => phrase`Orders from ${shop} usually arrive within ${span}.`,
    minutes: (n: number) => f.plural(n, { one: '# min', other: '# min' }),
    hours: (n: number) => f.plural(n, { one: '# hour', other: '# hours' }),
    days: (n: number) => f.plural(n, { one: '# day', other: '# days' }),
  },
  next: {
    ready: 'Next, a driver takes it on and picks it up.',
    claimed: <T>(shop: T) => phrase`Next, it leaves ${shop} and comes to you.`,
    inTransit: 'It is on its way to you.',
    failed: <T>(driver: T, shop: T) => phrase`Next, ${driver} tries again or takes it back to ${shop}.`,
    lost: <T>(shop: T) => phrase`${shop} can tell you how it goes on.`,
    back: <T>(shop: T) => phrase`${shop} can tell you how to get it after all.`,
    calledOff: 'The delivery was called off.',
    calledOffBy: <T>(shop: T) => phrase`${shop} called it off.`,
    cancelled: <T>(shop: T) => phrase`${shop} can tell you more.`,
    reason: <T>(reason: T) => phrase`The reason: ${reason}.`,
  },
  outcome: {
    recipient: 'It was handed over to the recipient.',
    person: <T>(name: T) => phrase`It was handed over to ${name}.`,
    neighbour: 'It was handed over to a neighbour.',
    neighbourNamed: <T>(name: T) => phrase`It was handed over to a neighbour, ${name}.`,
    safePlace: 'It was left in a safe place.',
    mailbox: 'It is in the mailbox.',
    arrived: 'It has arrived.',
  },

  proof: {
    title: 'Delivered, with proof',
    photo: 'Photo of the delivery',
    coming: 'The photo of the delivery is still on its way.',
    pin: <T>(pin: T) => phrase`Tell the driver this number at the door: ${pin}`,
  },

  steps: {
    title: 'Steps',
    ordered: 'Ordered',
    assigned: 'Driver assigned',
    pickedUp: 'Picked up',
    delivered: 'Delivered',
    cancelled: 'Cancelled',
    tried: 'Delivery tried',
    again: 'On its way again',
    goingBack: 'Going back',
    returned: 'Returned',
    /** Before a step's name, for those who do not see its shape. */
    state: { done: 'Done: ', current: 'Now: ', coming: 'To come: ' },
    attempts: 'Failed attempts',
    before: (n: number) => f.plural(n, { one: 'And # more before.', other: 'And # more before.' }),
  },
  order: { title: 'Order', id: 'Order', from: 'From', to: 'To' },
  contact: {
    call: <T>(shop: T, phone: T) => phrase`Questions? Call ${shop}: ${phone}.`,
    write: <T>(shop: T, email: T) => phrase`Questions? Write to ${shop}: ${email}.`,
    both: <T>(shop: T, phone: T, email: T) =>
      phrase`Questions? Call ${shop}: ${phone}, or write to ${email}.`,
  },
  /** The hub knows nobody's time zone. */
  utc: (moment: string) => `${moment} UTC`,

  frame: {
    tryNow: 'Try now',
    newVersion: 'There is a new version of this page.',
    refresh: 'Refresh',
    reload: 'Load this page again to see what is new.',
  },
  /** Texts of the connection badge. The page fills in the parts. */
  link: {
    connecting: 'Connecting…',
    live: 'Live',
    back: 'Back',
    offline: (time: string) => `As of ${time}. Offline`,
    lost: (time: string, seconds: string) => `As of ${time}. Reconnecting in ${seconds} s`,
    onDay: (day: string, time: string) => `${day}, ${time}`,
  },
});

export type Words = ReturnType<typeof messages>;
