import { type Formats, phrase } from '../formats.ts';

/** Ours, as a file calls them. */
type Column = 'orderID' | 'customer' | 'address' | 'notBefore' | 'dueAt' | 'phone' | 'email' | 'note';

/** Texts of the import. */
export const messages = (f: Formats) => ({
  /** An import that ended with its page. */
  left: (name: string, left: number, total: number) =>
    `The page was closed while it imported ${name}: ${f.count(left)} of ${f.count(total)} orders were not sent yet, or not confirmed. Import the same file again for the rest; what is there already stays one order.`,
  title: 'Import orders',
  another: 'Choose another file',

  choose: {
    file: 'CSV or Excel file with orders',
    hint: 'Choose it, or drop it here. Nothing is sent before you have seen what is in it.',
    /** @param column draws each of our columns */
    columns: <T>(column: (name: Column) => T) =>
      phrase`One line names the columns: ${column('customer')} and ${column('address')}, and if you like ${column('orderID')}, ${column('notBefore')} and ${column('dueAt')} (2026-11-30 14:30, or as you write days and times), ${column('phone')}, ${column('email')}, ${column('note')}. Columns that are called otherwise, as in a shop’s own export, can be chosen in the next step.`,
    again:
      'The same file again is no second order: a row without an order id gets a short one from what it says.',
    template: 'Download template',
  },

  columns: {
    title: 'Which column is what?',
    heads: 'The first line names the columns',
    /** A column without a heading. */
    nameless: (place: number) => `Column ${f.digits(place)}`,
    named: (place: number, name: string) => `Column ${f.digits(place)}: ${name}`,
    field: {
      orderID: 'Order id',
      customer: 'Customer',
      address: 'Address',
      notBefore: 'Not before',
      dueAt: 'Due time',
      phone: 'Phone',
      email: 'Email',
      note: 'Note to the driver',
    },
    further: (field: string) => `${field}, further column`,
    none: 'Not in this file',
    add: '+ column',
    keepOthers: (n: number) =>
      f.plural(n, {
        one: 'Keep the other column with the order',
        other: 'Keep the # other columns with the order',
      }),
    sheet: 'Sheet',
    /** @param day as it stands in the file: 03/04/2026 */
    dayOrder: (day: string) => `${day} means`,
    chooseDay: 'Choose…',
    needed: 'An order needs a customer and an address: choose their columns.',
    show: 'Show the orders',
  },

  preview: {
    good: (n: number) => f.plural(n, { one: '# order can be sent.', other: '# orders can be sent.' }),
    bad: (n: number) => f.plural(n, { one: '# row has an error.', other: '# rows have errors.' }),
    badRows: 'Rows with errors',
    goodRows: 'Rows that can be sent',
    line: (line: number) => `Line ${f.digits(line)}`,
    moreBad: (n: number) => `${f.count(n)} more have errors.`,
    more: (n: number) => `${f.count(n)} more`,
    late: (n: number, lines: readonly number[], isCut: boolean) => {
      const list = lines.map(f.digits).join(', ') + (isCut ? ', …' : '.');
      return f.plural(n, {
        one: `# order is due in the past: line ${list}`,
        other: `# orders are due in the past: lines ${list}`,
      });
    },
    moreLines: (n: number, lines: readonly number[], isCut: boolean) => {
      const list = lines.map(f.digits).join(', ') + (isCut ? ', …' : '.');
      return f.plural(n, {
        one: `# line belongs to an order above, and is none of its own: line ${list}`,
        other: `# lines belong to orders above, and are none of their own: lines ${list}`,
      });
    },
    allUsed: 'Every column is used.',
    kept: (n: number) =>
      f.plural(n, {
        one: '# other column is kept with the order.',
        other: '# other columns are kept with the order.',
      }),
    leftOut: (n: number) =>
      f.plural(n, { one: '# other column is left out.', other: '# other columns are left out.' }),
    change: 'Change columns',
    leaveOut: (n: number) =>
      f.plural(n, { one: 'Leave out the row with an error', other: 'Leave out # rows with errors' }),
    send: (n: number) => f.plural(n, { one: 'Send # order', other: 'Send # orders' }),
  },

  mend: {
    /** In the name of a file. */
    file: 'to-mend',
    download: 'Download these rows',
    hint: 'A table of these rows alone, with what is wrong in its first column. Correct them, then import that table.',
  },

  progress: {
    onRecord: (done: number, total: number) => `${f.count(done)} of ${f.count(total)} orders are on record.`,
    label: 'Orders on record',
    isUp: 'You may close this and go on working; leave the page open.',
    isDown: 'There is no connection to the hub. It goes on by itself when it is back.',
    stop: 'Stop',
    placed: (n: number) => f.plural(n, { one: '# order was placed.', other: '# orders were placed.' }),
    known: (n: number) => f.plural(n, { one: '# was there already.', other: '# were there already.' }),
    refused: (n: number) => f.plural(n, { one: '# was refused.', other: '# were refused.' }),
    stopped: (n: number) =>
      `Stopped with ${f.count(n)} left. Send the same file again for the rest: what is there already stays one order.`,
    refusedRows: 'Refused rows',
    moreRefused: (n: number) => `${f.count(n)} more were refused.`,
    another: 'Import another file',
  },

  /** Why a file is no table of orders. */
  file: {
    tooLarge: (megabytes: number) => `This file is larger than ${f.count(megabytes)} MB; split it.`,
    noReader: 'What reads files could not be loaded. Try again when the hub answers, or load the page again.',
    locked: 'This workbook has a password. Save a copy without one, or its sheet as CSV.',
    oldWorkbook: 'This workbook is of the old kind (.xls). Save it as .xlsx or CSV and choose that file.',
    otherKind: 'This is no Excel workbook (.xlsx). Save its sheet as CSV and choose that file.',
    damaged: 'This workbook is damaged, or not whole. Open it in Excel, save it again, and choose that file.',
    unpacksTooLarge: (megabytes: number) =>
      `This workbook unpacks to more than ${f.count(megabytes)} MB. Split it, or save its sheet as CSV.`,
    empty: 'This file is empty.',
    noTable: 'The first line has to name the columns, among them “customer” and “address”.',
    noOrders: 'There are no orders below the first line.',
    tooManyOrders: (most: number) => `Use at most ${f.count(most)} orders in a file.`,
    tooManyColumns: (most: number) => `Use at most ${f.count(most)} columns in a file.`,
    noEnd: (line: number) =>
      `Line ${f.digits(line)}: this row has no end; look for a quotation mark that is never closed.`,
    notClosed: (line: number) => `Line ${f.digits(line)}: a quotation mark is opened here and never closed.`,
  },

  /** Faults of a row. `column` and `value` are quoted from the file, `problem` is in English. */
  row: {
    tooManyCells: 'There are more cells than columns; put an address with a comma in quotation marks.',
    tornCell:
      'Text stands behind a closing quotation mark; put the whole cell in quotation marks, and write those within it twice.',
    unfit: (column: string, why: string) => `“${column}”: ${why}`,
    noJson: (value: string, column: string) => `“${value}” is no JSON, which “${column}” has to be.`,
    otherStore: (store: string) => `This is an order of the store “${store}”.`,
    sameId: (id: string, line: number) => `The order id “${id}” stands in line ${f.digits(line)} already.`,
    noCustomer: 'The customer is missing.',
    noAddress: 'The address is missing.',
    badId: (problem: string) => `The order id ${problem}.`,
    badText: (column: string, problem: string) => `“${column}” ${problem}.`,
    tooLong: (column: string, most: number) => `“${column}” is longer than ${f.digits(most)} characters.`,
    noDay: (value: string, date: number, month: string, year: number) =>
      `“${value}” is no due time; ${f.digits(date)} ${month} ${f.digits(year)} does not exist.`,
    eitherDay: (value: string) =>
      `“${value}” may be either of two days; write it as 2026-11-30 14:30, or choose the order of day and month.`,
    noHour: (value: string) =>
      `“${value}” does not exist: the clocks are set forward over it that night. Choose another time.`,
    /** @param first, second the two moments, with their zone */
    twice: (value: string, first: string, second: string) =>
      `“${value}” comes twice, because the clocks are set back that night; write ${first} or ${second}.`,
    noStart: (value: string) => `“${value}” is no time to begin at; write it as 2026-11-30 14:30.`,
    badPlace: '“latitude” and “longitude” must both be degrees, such as 52.52 and 13.40.',
    reversed: 'It ends before it begins: “notBefore” is after “dueAt”.',
    noMoment: (value: string) => `“${value}” is no due time; write it as 2026-11-30 14:30.`,
  },
});

export type Words = ReturnType<typeof messages>;
