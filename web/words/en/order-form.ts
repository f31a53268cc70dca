import { type Formats, phrase } from '../formats.ts';

/** The fields of an order, new or changed, for shops and dispatch. */
export const messages = (_: Formats) => ({
  address: 'Address',
  /** Chooses the day of both times. */
  day: 'Day',
  today: 'Today',
  tomorrow: 'Tomorrow',
  otherDay: 'A date…',
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

  /** Changes an order that the hub has. */
  amend: {
    change: 'Change order',
    save: 'Save changes',
    saving: 'Saving…',
    collected:
      'It was collected meanwhile, so only dispatch can change it now. Nothing was changed; what you typed stays here. Call dispatch, or leave this and write a note: the courier reads it.',
    finished:
      'This order is finished, so nothing can be changed any more. What you typed stays here; you can copy the order to a new one.',
    field: {
      customer: 'Customer',
      address: 'Address',
      notBefore: 'Not before',
      dueAt: 'Due',
      phone: 'Phone',
      email: 'Email',
      note: 'Note',
    },
    meanwhile: 'Somebody changed this order since you opened the form. What you typed is still here.',
    now: <T>(field: string, is: T) => phrase`${field} is now ${is}`,
    nothing: 'empty',
    keepMine: 'Save mine anyway',
    takeTheirs: 'Take theirs',
    kept: 'No connection: your changes are kept on this device and saved when it is back, also if you close this page.',
  },
});

export type Words = ReturnType<typeof messages>;
