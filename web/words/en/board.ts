import { type Formats, phrase } from '../formats.ts';

/** The board: dispatch's desk. */
export const messages = (f: Formats) => ({
  needsYou: 'Needs you',
  /** Beside a parcel: why dispatch has to look at it. */
  concern: {
    urgent: 'Urgent note',
    pin: 'PIN wrong five times',
    failed: 'Failed',
    unclaimed: (span: string) => `Unclaimed ${span}`,
    unseen: (span: string) => `Change not seen ${span}`,
  },
  search: {
    label: 'Search the board',
    /** The names of fields are the same in every language. */
    example: 'Name, address, is:late, store:red',
    none: 'None of these matches the search.',
  },
  counts: 'Open parcels',
  driversTitle: 'Drivers',
  nobody: 'Nobody',
  by: { label: 'Group', status: 'By status', driver: 'By driver' },
  select: 'Select',
  selected: (n: number) => f.plural(n, { one: '# selected', other: '# selected' }),
  assign: 'Assign',
  clear: 'Clear',
  hint: 'Drag a parcel onto a driver, or press A.',
  hintTouch: 'Press Select and choose parcels to give to a driver.',
  duty: { on: 'on duty', off: 'off duty', away: 'not connected' },
  seen: <T>(age: T) => phrase`seen ${age}`,
  load: (n: number, driver: string) =>
    f.plural(n, { one: `# open parcel of ${driver}`, other: `# open parcels of ${driver}` }),
  noDrivers: 'No driver is connected, and none has a parcel.',
  empty: {
    attention: 'Nothing is late, failed or forgotten.',
    ready: 'No parcel waits for a driver.',
    claimed: 'No parcel waits to be picked up.',
    'in-transit': 'No parcel is on its way.',
    returning: 'No parcel goes back.',
    driver: 'Nothing in hand.',
  },
  /** Instead, where such a parcel stands under *Needs you*. */
  noOther: {
    ready: 'No other parcel waits for a driver.',
    claimed: 'No other parcel waits to be picked up.',
    'in-transit': 'No other parcel is on its way.',
    returning: 'No other parcel goes back.',
  },
  allDone: 'No open parcels.',
  allDoneHint: <T>(store: T) => phrase`Orders of a ${store} appear here in the moment they are sent.`,
  aStore: 'shop',
  loading: 'Loading open parcels…',
  failed: 'The open parcels could not be loaded.',
  full: (n: number) => `More than ${f.count(n)} parcels are open; not all of them are shown.`,
  dialog: {
    assignOne: (parcel: string) => `Assign ${parcel}`,
    assignMany: (n: number) => f.plural(n, { one: 'Assign # parcel', other: 'Assign # parcels' }),
    driver: 'Driver',
    choose: 'Drivers',
    asking: 'Asking the hub…',
    unknown: (driver: string) => `Nobody called ${driver} has been here.`,
    doubtful: (driver: string, why: string) => `Whether ${driver} has been here is not known. ${why}`,
    anyway: 'Assign anyway',
  },
  outcome: {
    sending: (n: number, driver: string) =>
      f.plural(n, { one: `Giving # parcel to ${driver}…`, other: `Giving # parcels to ${driver}…` }),
    assigned: (n: number, driver: string) =>
      f.plural(n, { one: `# parcel goes to ${driver}.`, other: `# parcels go to ${driver}.` }),
    taking: (n: number) => f.plural(n, { one: 'Asking for # parcel…', other: 'Asking for # parcels…' }),
    taken: (n: number) => f.plural(n, { one: 'Done for # parcel.', other: 'Done for # parcels.' }),
    undo: 'Undo',
    undone: 'Taken back.',
    lostTo: (parcel: string, winner: string) => `${parcel} went to ${winner} instead.`,
    takenMeanwhile: (parcel: string, winner: string) => `Taken by ${winner} meanwhile: ${parcel}`,
    refused: (parcel: string, why: string) => `${parcel}: ${why}`,
    /** Why a parcel cannot be taken back. */
    movedOn: (status: string) => `It has moved on since: ${status}`,
    finished: 'It has been finished since.',
    dismiss: 'Dismiss',
  },
});

export type Words = ReturnType<typeof messages>;
