import type { Formats } from '../formats.ts';

/** Texts of dispatch's actions on a parcel. */
export const messages = (_: Formats) => ({
  label: 'Actions',
  driver: 'Driver',
  assign: { do: 'Assign', anyway: 'Assign anyway', done: 'Assigned.' },
  reassign: { do: 'Reassign', anyway: 'Reassign anyway', done: 'Reassigned.' },
  /** Steps that take one press, and what each does. @param driver who holds the parcel */
  step: {
    delivered: { do: 'Delivered', hint: (_driver: string) => 'The customer has it.', done: 'Delivered.' },
    retried: {
      do: 'Try again',
      hint: (driver: string) => `${driver} sets out with it once more.`,
      done: 'On its way again.',
    },
    returning: {
      do: 'Send back',
      hint: (driver: string) => `${driver} takes it back to the shop.`,
      done: 'On its way back.',
    },
    returned: { do: 'Returned', hint: (_driver: string) => 'The shop has it again.', done: 'Returned.' },
    released: {
      do: 'Release',
      hint: (driver: string) => `Back on offer: ${driver} no longer has it.`,
      done: 'Back on offer.',
    },
  },
  amend: {
    hint: 'Whoever has the parcel is told.',
    done: 'Changed.',
  },
  note: { label: 'Note', do: 'Send note', done: 'Note sent.' },
  cancel: { label: 'Reason to cancel', do: 'Cancel parcel', done: 'Cancelled.' },
  takeBack: (what: string) => `Take back “${what}”`,
  unknownDriver: (driver: string) => `Nobody called ${driver} has been here.`,
  doubtfulDriver: (driver: string, why: string) => `Whether ${driver} has been here is not known. ${why}`,
});

export type Words = ReturnType<typeof messages>;
