import type { Formats } from '../formats.ts';

/** Texts of a day of a shop. */
export const messages = (f: Formats) => ({
  title: 'A day’s orders',
  back: 'All orders',
  choose: 'Day',
  today: 'Today',
  yesterday: 'Yesterday',
  tomorrow: 'Tomorrow',
  other: 'Another day',
  /** By which day an order counts. */
  counting: 'Each order counts on the day it is due; without a time, on the day it was ordered.',
  /** Where the clocks change. */
  length: (hours: number) => `This day has ${f.tenths(hours)} hours.`,
  clock: (zone: string) => `By the clocks of ${zone}.`,
  reading: 'Reading the day…',
  damaged: (n: number) =>
    f.plural(n, {
      one: '# order is damaged at the hub, and missing here if it was for this day.',
      other: '# orders are damaged at the hub, and missing here if they were for this day.',
    }),
  counts: 'Orders of the day by what became of them',
  all: 'Orders',
  part: {
    open: 'Open',
    delivered: 'Delivered',
    'on-time': 'On time',
    late: 'Late',
    failed: 'Failed',
    returned: 'Returned',
    cancelled: 'Cancelled',
  },
  byDriver: 'By courier',
  noDriver: 'No courier',
  /** Orders of the day that a repeating order is still to make. */
  repeats: 'Repeating orders',
  stillToCome: (n: number) =>
    f.plural(n, {
      one: '# repeating order is still to come on this day:',
      other: '# repeating orders are still to come on this day:',
    }),
  none: 'No orders for this day.',
  noneHere: 'No order of this day is here.',
  showAll: 'Show all of the day',
  found: (n: number, total: number) => `${f.count(n)} of ${f.count(total)} orders.`,
  orders: 'Orders of the day',
  by: (time: string) => `By ${time}`,
  from: (time: string) => `From ${time}`,
  details: (id: string, customer: string) => `${customer} · ${id}, details of the order`,
  exportCsv: 'Export CSV',
  exporting: 'Preparing…',
  labels: 'Labels',
  list: 'List for the courier',
});

export type Words = ReturnType<typeof messages>;
