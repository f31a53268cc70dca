import { type Formats, phrase } from '../formats.ts';

/** Texts of the shop's page. Its dialogs and the import load their own words. */
export const messages = (f: Formats) => ({
  way: 'Try it with sample orders, or work for real?',
  simulator: 'Simulator',
  auto: 'Auto orders',
  every: {
    label: 'Every (seconds)',
    number: 'Enter a number of seconds.',
    least: (seconds: number) => `The least is ${f.tenths(seconds)} seconds.`,
    most: 'The most is a day.',
  },

  form: {
    title: 'New order',
    more: 'Due time, phone, note',
    /** Number of optional fields that are filled. */
    given: (n: number) => `${f.count(n)} given`,
    send: 'Send order',
    /** Opens what is asked to have the order come again. */
    repeat: 'Repeat…',
    sample: 'Fill with sample',
    sampleMissing: 'The sample could not be loaded. Try again.',
    replaced: 'The copy has replaced what you had typed.',
    putBack: 'Put it back',
    /** In the place of a file's name. */
    pasted: 'Pasted rows',
  },

  orders: 'Orders',
  newest: (n: number) => `the newest ${f.count(n)}`,
  newOrders: (n: number) => f.plural(n, { one: '# new order', other: '# new orders' }),
  byStatus: 'Orders by status',
  late: 'Late',
  search: { label: 'Search orders', hint: 'Name or address' },
  importCsv: 'Import',
  importing: (done: number, total: number) => `Importing ${f.count(done)} of ${f.count(total)}…`,
  importMissing: 'It could not be loaded. Try again when the hub answers, or load the page again.',
  more: 'More',
  match: (n: number, total: number) => `${f.count(n)} of ${f.count(total)} match.`,
  clear: 'Clear filters',
  urgent: 'Needs attention',
  later: 'For later',
  forLater: (n: number) => f.plural(n, { one: '# order for later', other: '# orders for later' }),
  rest: 'All other orders',

  list: {
    loading: 'Loading the orders…',
    loadingOlder: 'Loading older orders…',
    stillComing: 'Older orders are still coming in.',
    missing: 'The earlier orders could not be loaded.',
    keeps: (n: number) => `This page keeps the newest ${f.count(n)}; older ones are in the log.`,
    empty: 'No orders yet.',
    emptyHint: 'Send one with the form, or import a file.',
    emptyHintTrying: 'Send one with the form, import a file, or let Auto orders make some.',
    samples: (n: number) => `Send ${f.count(n)} samples`,
    samplesMissing: 'The samples could not be loaded. Try again.',
  },

  row: {
    amending: 'Changes kept, not saved yet',
    sending: 'Sending…',
    notSent: 'Not sent',
    details: (id: string, customer: string) => `${customer} · ${id}, details of the order`,
    retry: 'Retry',
    dismiss: 'Dismiss',
    track: 'Track',
    undo: 'Undo',
    ok: 'OK',
    returned: 'Returned, we have it',
    cancel: 'Cancel',
    from: <T>(moment: T) => phrase`From ${moment}`,
    unseen: (who: string) => `${who} has not seen the change yet`,
  },
  /** The same buttons, for those who do not see the row. */
  rowOf: {
    retry: (id: string, customer: string) => `Retry order ${id} for ${customer}`,
    dismiss: (id: string, customer: string) => `Dismiss order ${id} for ${customer}`,
    track: (id: string, customer: string) => `Track order ${id} for ${customer}`,
    undo: (id: string, customer: string) => `Undo, order ${id} for ${customer}`,
    ok: (id: string, customer: string) => `OK, order ${id} for ${customer}`,
    returned: (id: string, customer: string) => `Returned, we have it: order ${id} for ${customer}`,
    cancel: (id: string, customer: string) => `Cancel order ${id} for ${customer}`,
    leave: (id: string, customer: string) => `Leave as it is: order ${id} for ${customer}`,
  },
  /** Authors without a name. */
  people: { you: 'You', customer: 'The customer', hub: 'The hub' },

  thanks: {
    title: 'Thank-yous',
    newestFirst: 'Thank-yous, newest first',
    thanked: (id: string) => `Thank you for delivering ${id}`,
    earlier: 'Show earlier ones',
    latest: (n: number) => `The latest ${f.count(n)} are shown.`,
    none: 'No thank-yous yet.',
    noneHint: 'Each delivery is thanked for here, also one made while this page is closed.',
    next: 'The next delivery is thanked for here.',
    before: (n: number) =>
      f.plural(n, { one: '# order was delivered before.', other: '# orders were delivered before.' }),
    nothingNew: 'Nothing was delivered since you last looked.',
    nothingNewHint: (n: number) =>
      f.plural(n, {
        one: '# order was delivered before. The next one is thanked for here.',
        other: '# orders were delivered before. The next one is thanked for here.',
      }),
  },
  /** Said to those who do not see the page. */
  delivered: (customer: string, id: string) => `${customer} · ${id} was delivered.`,
  deliveredMany: (n: number) =>
    f.plural(n, { one: '# order was delivered.', other: '# orders were delivered.' }),
  renumbered: (customer: string, id: string, before: string) =>
    `The order for ${customer} is now ${id}: ${before} was taken.`,
  renumberedMany: (n: number) =>
    f.plural(n, { one: '# order got another number.', other: '# orders got other numbers.' }),

  details: 'Shop details',
});

export type Words = ReturnType<typeof messages>;
