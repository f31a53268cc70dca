import type { Formats } from '../formats.ts';

/** Texts of a day of a shop. */
export const messages = (f: Formats) => ({
  title: 'A day’s orders',
  back: 'All orders',
  choose: 'Day',
  today: 'Today',
  yesterday: 'Yesterday',
  other: 'Another day',
  /** Where the clocks change. */
  length: (hours: number) => `This day has ${f.tenths(hours)} hours.`,
  clock: (zone: string) => `By the clocks of ${zone}.`,
  reading: 'Reading the day…',
  damaged: (n: number) =>
    f.plural(n, {
      one: '# record of this day is damaged at the hub and counts nowhere.',
      other: '# records of this day are damaged at the hub and count nowhere.',
    }),
  counts: 'Orders of the day by what became of them',
  part: {
    placed: 'Placed',
    delivered: 'Delivered',
    'on-time': 'On time',
    late: 'Late',
    failed: 'Failed',
    returned: 'Returned',
    cancelled: 'Cancelled',
  },
  byDriver: 'By courier',
  noDriver: 'No courier',
  none: 'Nothing became of any order on this day.',
  noneHere: 'No order of this day is here.',
  showAll: 'Show all of the day',
  found: (n: number, total: number) => `${f.count(n)} of ${f.count(total)} orders.`,
  orders: 'Orders of the day',
  details: (id: string, customer: string) => `${customer} · ${id}, details of the order`,
  exportCsv: 'Export CSV',
  exporting: 'Preparing…',
  labels: 'Labels',
  list: 'List for the courier',
});

export type Words = ReturnType<typeof messages>;
