import type { Formats } from '../formats.ts';

/** The fields of an order, new or changed, for shops and dispatch. */
export const messages = (_: Formats) => ({
  address: 'Address',
  /** Chooses the day of both times. */
  day: 'Day',
  today: 'Today',
  tomorrow: 'Tomorrow',
  otherDay: 'A date…',
  /** Its own opening hours say so. */
  closed: (hours: string) => `Closed tomorrow: ${hours}`,
  notBefore: 'Not before (optional)',
  due: 'Due (optional)',
  phone: 'Phone (optional)',
  email: 'Email (optional)',
  note: 'Note to the driver (optional)',
  noCustomer: 'Enter who gets it.',
  noAddress: 'Enter where it goes.',
  noMoment: 'Enter a day and a time.',
  noHour: 'The clocks are set forward over this time that night: choose another one.',
  twice: 'The clocks show this time twice that night: choose another one.',
  /** The shop's zone, where this device has another one. */
  zone: (zone: string) => `Times are those of ${zone}.`,
  past: 'Choose a time that is still to come.',
  reversed: 'This is before “Not before”: choose a later time.',
});

export type Words = ReturnType<typeof messages>;
