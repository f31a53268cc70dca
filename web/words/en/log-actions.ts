import type { Formats } from '../formats.ts';

/** Texts of dispatch's actions on a parcel. */
export const messages = (_: Formats) => ({
  label: 'Actions',
  driver: 'Driver',
  assign: { do: 'Assign', anyway: 'Assign anyway', done: 'Assigned.' },
  reassign: { do: 'Reassign', anyway: 'Reassign anyway', done: 'Reassigned.' },
  note: { label: 'Note', do: 'Send note', done: 'Note sent.' },
  cancel: { label: 'Reason to cancel', do: 'Cancel parcel', done: 'Cancelled.' },
  takeBack: (what: string) => `Take back “${what}”`,
  unknownDriver: (driver: string) => `Nobody called ${driver} has been here.`,
  doubtfulDriver: (driver: string, why: string) => `Whether ${driver} has been here is not known. ${why}`,
});

export type Words = ReturnType<typeof messages>;
