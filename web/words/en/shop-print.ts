import { type Formats, phrase } from '../formats.ts';

/** Texts of labels and lists on paper, and of the view that prints them. */
export const messages = (f: Formats) => ({
  title: 'Print',
  print: 'Print',
  back: 'Back to the orders',
  what: 'What to print',
  labels: 'Labels, A6',
  list: 'One list, A4',
  lists: 'A list for each courier, A4',
  sheets: (n: number) => f.plural(n, { one: '# label', other: '# labels' }),
  /** Only so many are drawn at once. */
  part: (from: number, to: number, total: number) =>
    `${f.count(from)} to ${f.count(to)} of ${f.count(total)}`,
  next: 'The next ones',
  first: 'The first ones',
  paper: 'In the print dialog choose paper A6, or A4 for lists, and no margins if the browser asks.',
  leaveOut: (id: string) => `Print ${id}`,
  none: 'Nothing is chosen',
  label: (id: string) => `Label of ${id}`,
  code: (id: string) => `QR code of ${id}`,
  from: <T>(moment: T) => phrase`From ${moment}`,
  by: <T>(moment: T) => phrase`By ${moment}`,
  between: <T>(range: T) => phrase`${range}`,
  order: 'Order',
  to: 'To',
  time: 'Time',
  note: 'Note',
  received: 'Received',
  noDriver: 'No courier yet',
  count: (n: number) => f.plural(n, { one: '# order', other: '# orders' }),
  noShop: 'The shop’s details could not be read, so the labels name it by its id.',
});

export type Words = ReturnType<typeof messages>;
