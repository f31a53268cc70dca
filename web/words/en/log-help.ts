import type { Formats } from '../formats.ts';

/** The help of the log: its keys and its search, whose grammar is the same in every language. */
export const messages = (_: Formats) => ({
  keys: {
    search: 'search',
    pause: 'pause and resume',
    next: 'next row',
    previous: 'previous row',
    open: 'details of the selected parcel',
    close: 'close the details',
    failures: 'next and previous failure',
    sameParcel: 'next and previous event of the same parcel',
    oldest: 'to the oldest event',
    newest: 'to the newest, and follow',
    help: 'this help',
  },
  terms: {
    words: 'both words, anywhere',
    exactly: 'exactly this',
    event: 'an event or a status',
    store: 'a store',
    driver: 'a driver',
    order: 'an order',
    via: 'the door it came through',
    is: 'orders that are open or late now, on the board and in a shop’s list',
    without: 'all but this',
  },
  more: 'Click a row to open its parcel. Alt-click a value in a row to show only these, Shift-Alt-click to leave these out; the details of a parcel offer both. Drag over the chart to choose a time. Go to, under Filters, takes an order, the number of an event (#1284), or a time: 14:00, yesterday 14:00, Monday, 20 Nov 9:30, 10 min ago.',
});

export type Words = ReturnType<typeof messages>;
