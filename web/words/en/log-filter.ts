import type { Formats } from '../formats.ts';

/** The menu under the log's search: how matches show, a place or a time to go to, and files. */
export const messages = (_: Formats) => ({
  matches: 'Matches',
  only: 'Show only matches',
  highlight: 'Highlight matches',
  previous: 'Previous match',
  next: 'Next match',
  goTo: 'Go to',
  /** The input has the same form in every language. */
  placeExample: 'Mon 14:00, #1284, order',
  go: 'Go',
  range: 'Time range',
  from: 'From',
  to: 'To',
  showTime: 'Show this time',
  csv: 'Download CSV',
  jsonLines: 'Download JSON lines',
  preparing: 'Preparing the file…',
  noLaterMatch: 'No later match.',
  noEarlierMatch: 'No earlier match.',
  noOrder: (order: string) => `There is no order ${order}.`,
});

export type Words = ReturnType<typeof messages>;
