import { type Formats, phrase } from '../formats.ts';
import { life } from './life-shop.ts';

/** Texts of the shop's dialogs: an order, the customer's link, the shop's details. */
export const messages = (f: Formats) => ({
  life,
  /** Dispatch, where it has no name, in a sentence of `life`: by whom something was done, and who does it. */
  dispatch: { by: 'Dispatch', does: 'Dispatch' },
  receivedBy: (who: string) => `Received by ${who}.`,

  /** What is behind *More*. */
  more: {
    /** Opens what became of the orders of a day. */
    day: 'A day’s orders',
    labelsOf: (n: number) => f.plural(n, { one: 'Labels for # order', other: 'Labels for # orders' }),
    repeats: 'Repeating orders',
    exportCsv: 'Export CSV',
    exporting: 'Preparing…',
  },

  order: {
    unknown: 'There is no such order in this shop.',
    label: 'Print label',
    life: 'Life of the order',
    happened: 'What happened',
    asking: 'Asking the hub…',
    notes: 'Notes',
    noNotes: 'Nothing was said yet. The driver and dispatch read what you write.',
    newNote: 'New note',
    noNote: 'Write what the driver should know.',
    send: 'Send',
    sending: 'Sending…',
    retry: 'Retry',
  },

  amend: {
    copy: 'Copy to a new order',
    byDispatch: <T>(who: T) =>
      phrase`${who} has collected it. Dispatch can still change this order; a note below reaches both.`,
  },
  /** What an amendment changed. */
  changes: {
    field: {
      customer: 'Customer',
      address: 'Address',
      notBefore: 'Not before',
      dueAt: 'Due',
      phone: 'Phone',
      email: 'Email',
      note: 'Note',
    },
    replaced: <T>(field: string, was: T, is: T) => phrase`${field}: ${was} → ${is}`,
    added: <T>(field: string, is: T) => phrase`${field} added: ${is}`,
    removed: <T>(field: string, was: T) => phrase`${field} removed: ${was}`,
  },

  tracking: {
    title: <T>(id: T) => phrase`Tracking link of ${id}`,
    asking: 'Asking the hub for it…',
    forCustomer: 'For the customer: where the order is, live, and nothing else.',
    code: 'QR code that opens the tracking page',
  },

  /** Samples of a shop that works for real now. */
  left: {
    label: 'Sample orders',
    open: (n: number) =>
      f.plural(n, { one: '# sample order is still open.', other: '# sample orders are still open.' }),
    cancel: 'Cancel them',
    leave: 'Leave them',
    cancelled: (n: number) =>
      f.plural(n, { one: '# sample order is cancelled.', other: '# sample orders are cancelled.' }),
    undo: 'Undo',
  },

  details: {
    title: 'Shop details',
    optional: 'All of it may be left out.',
    seen: { title: 'For your customers', hint: 'They see this on their tracking pages.' },
    times: {
      title: 'Times of your orders',
      hint: 'By which clock you read and write times, and how early drivers see an order for later.',
    },
    field: {
      name: 'Name of the shop',
      phone: 'Phone',
      email: 'Email',
      address: 'Address',
      hours: 'Opening hours',
      told: 'What customers are told',
      timeZone: 'Time zone of the shop',
      leadMinutes: 'Minutes before “Not before” from which drivers see an order',
    },
    hours: 'Mon–Sat 9–18',
    told: 'We ring twice. Keep flowers cool.',
    save: 'Save',
    saving: 'Saving…',
    samples: 'Sample orders then come by themselves, among your own.',
    badPhone: 'Write a phone number: digits, blanks, and a + before the country’s.',
    badZone: 'Write a time zone, as in Europe/Berlin.',
    badLead: 'Write whole minutes, a week (10080) at most.',
    badEmail: 'Write an email address, as in zoe@flowers.example.',
    proof: {
      title: 'Proof of delivery',
      hint: 'What drivers are asked for at the door.',
      more: 'Also at the collection and at the return',
      step: { collection: 'At the collection', return: 'At the return' },
      kind: {
        photo: 'Photo',
        receivedBy: 'Who received it',
        signature: 'Signature',
        pin: 'PIN of the customer',
        scan: 'Scanned code',
      },
      wish: { off: 'Off', offered: 'Offered', warned: 'Warned', required: 'Required' },
      effect: {
        off: 'Nobody is asked for it.',
        offered: 'The driver may add it.',
        warned: 'The driver is asked once more if it is missing.',
        required: 'The driver cannot finish the step without it.',
      },
      pin: 'Your customer finds the number on their page.',
    },
  },
});

export type Words = ReturnType<typeof messages>;
