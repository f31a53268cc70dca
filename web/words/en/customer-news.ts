/** What a shop's customers are told of their order, on all ways: mails, pushes, texts. The shop speaks. */
export const messages = () => ({
  hello: (customer: string) => `Hello ${customer},`,
  /** Subjects of mails. */
  subject: {
    announced: (order: string, shop: string) => `Your order ${order} from ${shop}`,
    collected: (order: string, shop: string) => `Your order ${order} from ${shop} is on its way`,
    next: (order: string, shop: string) => `You are next: order ${order} from ${shop}`,
    late: (order: string, shop: string) => `Your order ${order} from ${shop} is late`,
    failed: (order: string, shop: string) => `Your order ${order} from ${shop} could not be delivered`,
    delivered: (order: string, shop: string) => `Your order ${order} from ${shop} has been delivered`,
  },
  headline: {
    announced: 'We are getting your order ready',
    collected: 'Your order is on its way',
    next: 'You are next',
    late: 'Your order is late',
    failed: 'We could not deliver your order',
    delivered: 'Your order has been delivered',
  },
  /** The first sentence after the headline. */
  lead: {
    announced: 'A driver will collect it from us and bring it to you.',
    collected: 'A driver has collected it from us.',
    next: 'Yours is the driver’s next stop.',
    late: 'We are sorry. It is still coming.',
  },
  window: {
    by: (moment: string) => `by ${moment}`,
    after: (moment: string) => `after ${moment}`,
    within: (span: string) => `usually within ${span}`,
    planned: (window: string) => `Planned for ${window}.`,
    plannedBy: (moment: string) => `Planned by ${moment}.`,
    plannedAfter: (moment: string) => `Planned after ${moment}.`,
    wasDue: (moment: string) => `It was due by ${moment}.`,
    usually: (span: string) => `It usually arrives within ${span}.`,
    utc: (moment: string) => `${moment} UTC`,
  },
  nextTry: {
    again: 'We will try again.',
    planned: (window: string) => `Next try: ${window}.`,
    plannedBy: (moment: string) => `We will try again by ${moment}.`,
    plannedAfter: (moment: string) => `We will try again after ${moment}.`,
    back: 'It is coming back to us. We can tell you how to get it after all.',
  },
  /** Buttons of mails, and what stands before an address in plain text. */
  follow: 'Follow your order',
  see: 'See your order',
  proof: 'See the proof of delivery',
  order: (order: string) => `Order ${order}`,
  why: (shop: string) => `You get this because an order from ${shop} is coming to you.`,
  stop: 'No more messages about this order',
});

export type Words = ReturnType<typeof messages>;
