import type { Formats } from '../formats.ts';

/** Texts of orders that repeat. */
export const messages = (_: Formats) => ({
  title: 'Repeating orders',
  hint: 'The hub makes an order of each on its days, an hour before couriers are offered it, whether this page is open or not.',
  asking: 'Asking the hub…',
  none: 'No order repeats yet.',
  list: 'Orders that repeat',
  /** @param days names of weekdays, joined @param date of the month */
  rhythm: {
    daily: () => 'Every day',
    weekly: (days: string) => `Every week on ${days}`,
    fortnightly: (days: string) => `Every second week on ${days}`,
    monthly: (_days: string, date: string) => `On day ${date} of each month`,
  },
  time: {
    both: (start: string, end: string) => `${start} to ${end}`,
    start: (start: string) => `from ${start}`,
    end: (end: string) => `until ${end}`,
  },
  next: (day: string) => `Next: ${day}`,
  noNext: 'It has no further day.',
  broken:
    'The hub does not understand this one any more and makes no orders of it. End it, and make it anew.',
  told: {
    missed: (day: string) => `${day}: not made, because no hub ran in its time.`,
    refused: (day: string) => `${day}: the hub refused this order.`,
    moved: (day: string) =>
      `${day}: its time does not exist, as the clocks are set forward. It came as long after midnight.`,
    first: (day: string) => `${day}: its time comes twice, as the clocks are set back. The first one counts.`,
  },
  change: 'Change',
  changeOf: (customer: string) => `Change the repeating order for ${customer}`,
  end: 'End',
  endOf: (customer: string) => `End the repeating order for ${customer}`,
  ended: (customer: string) => `The order for ${customer} repeats no more.`,
  undo: 'Undo',
  add: 'New repeating order',

  form: {
    title: 'How it repeats',
    customer: 'Customer',
    address: 'Address',
    often: 'How often',
    rhythm: {
      daily: 'Every day',
      weekly: 'Every week',
      fortnightly: 'Every second week',
      monthly: 'Every month, on the first day’s date',
      own: 'As its rule says',
    },
    days: 'On',
    from: 'First day',
    start: 'Not before',
    until: 'Due',
    zone: (zone: string) => `Days and times are those of ${zone}.`,
    save: 'Have it repeat',
    saveChange: 'Save changes',
    saving: 'Saving…',
    cancel: 'Cancel',
    missing: 'An order needs a customer and an address.',
    noTime: 'Choose a time for it to begin, or to be due.',
    reversed: 'It is due before it begins.',
    noDay: 'Choose the first day.',
  },
});

export type Words = ReturnType<typeof messages>;
