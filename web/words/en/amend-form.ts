import { type Formats, phrase } from '../formats.ts';

/** Changes an order that the hub has, for shops and dispatch. */
export const messages = (_: Formats) => ({
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
});

export type Words = ReturnType<typeof messages>;
