import type { Connection, Notice } from '../../../protocol/messages.ts';
import { type Formats, phrase } from '../formats.ts';
import { life } from './life-dispatch.ts';

/** The log page: its rows, what is around them, and the panel of a parcel. */
export const messages = (f: Formats) => ({
  life,
  /** Details of an event. */
  detail: {
    takesBack: (step: string) => `takes back “${step}”`,
    /** Where it is not known which. */
    takesBackStep: 'takes back a step',
    to: (driver: string) => `to ${driver}`,
    receivedBy: (name: string) => `received by ${name}`,
    urgent: 'urgent',
    proof: { right: 'PIN right', wrong: 'PIN wrong', photo: 'photo', signature: 'signature' },
    removed: (field: string) => `without ${field}`,
    /** Free text. */
    text: (text: string) => text,
  },
  /** Facts one after the other. */
  listed: (facts: readonly string[]) => facts.join(', '),
  asSentence: (text: string) => `${text}.`,
  row: {
    open: (event: string, order: string) => `${event}, details of ${order}`,
    /** Between customer and address. */
    comma: ', ',
    missing: (seq: number) => `#${f.count(seq)} …`,
    damaged: (seq: number) => `#${f.count(seq)} The hub’s disk has damaged this event; nobody can read it.`,
  },
  roles: {
    admin: 'Dispatch',
    vendor: 'Store',
    driver: 'Driver',
    customer: 'Customer',
    plain: 'Plain client',
  } satisfies Record<Connection['role'], string>,

  help: 'Keys and search',
  accessKeys: 'Access keys',
  replaced: 'The hub has another log now, such as a restored backup. What was here before has been cleared.',
  understood: 'Understood',

  counts: {
    ofEvents: (n: number, total: number) =>
      f.plural(total, { one: `${f.count(n)} of # event`, other: `${f.count(n)} of # events` }),
    searching: (total: number) =>
      f.plural(total, { one: 'Searching # event…', other: 'Searching # events…' }),
    match: (n: number, total: number) => `${f.count(n)} of ${f.count(total)} match`,
    soFar: (n: number, total: number) =>
      f.plural(total, {
        one: `${f.count(n)} found so far in # event`,
        other: `${f.count(n)} found so far in # events`,
      }),
  },
  range: {
    since: (moment: string) => `since ${moment}`,
    until: (moment: string) => `until ${moment}`,
  },

  search: {
    label: 'Search events',
    /** The names of fields are the same in every language. */
    example: 'Words, store:red, driver:ana, -event:note',
    pause: 'Pause',
    resume: 'Resume',
    /** The name of the key. */
    space: 'Space',
    filters: 'Filters',
    clear: 'Clear filters',
    chips: 'Filters that are set or may be',
    only: (event: string) => `Only ${event}; with Alt, all but ${event}`,
    /** Before the word of what is left out. */
    not: 'not',
    remove: (term: string) => `Remove ${term}`,
  },

  list: {
    label: 'Events',
    olderFailed: 'Older events could not be loaded. Try again',
    newerFailed: 'Newer events could not be loaded. Try again',
    rangeBegins: 'The chosen time begins here',
    logBegins: 'The log begins here',
    nothingOlder: 'Nothing older matches',
    ofParcels: 'Only orders are open or late; this page lists events.',
    ofParcelsHint: <T>(board: T) => phrase`The ${board} lists the orders that are open or late now.`,
    loadingOlder: 'Loading older events…',
    loadingNewer: 'Loading newer events…',
    loading: 'Loading events…',
    searching: 'Searching…',
    nothingYet: 'Nothing has happened yet.',
    nothingYetHint: <T>(store: T, driver: T) =>
      phrase`Open ${store} and ${driver}: every event will appear here in the moment it happens.`,
    aStore: 'a store',
    aDriver: 'a driver',
    nothingInTime: 'Nothing happened in this time.',
    fresh: (n: number) => f.plural(n, { one: '# came since the pause.', other: '# came since the pause.' }),
  },

  strip: {
    following: 'Following',
    waiting: 'Waiting for the hub',
    paused: 'Paused',
    pausedAt: (time: string) => `Paused at ${time}`,
    inContext: 'See in context',
    fresh: (n: number) => `${f.count(n)} new ↓`,
    newest: 'Newest ↓',
  },
  announced: { paused: 'Paused.', following: 'Following again.' },

  chart: {
    rate: (now: string, peak: string) => `${now} now, peak ${peak}`,
    label: (seconds: number, rate: string, totals: string) =>
      `Events per second over the last ${f.count(seconds)} seconds: ${rate}. In all: ${totals}. Drag to choose a time; by keyboard, under Filters.`,
    total: (kind: string, n: number) => `${kind} ${f.count(n)}`,
    kinds: {
      ready: 'ready',
      claimed: 'claimed',
      'in-transit': 'in transit',
      delivered: 'delivered',
      failed: 'failed',
      other: 'other',
    },
    held: 'Held while paused',
    lost: 'No connection',
    noEvent: 'No event yet',
    lastNow: 'Last event just now',
    last: (span: string) => `Last event ${span} ago`,
  },

  /** Results of commands. */
  found: {
    noLaterFailure: 'No later failure.',
    noEarlierFailure: 'No earlier failure.',
    noLaterOfParcel: 'No later event of this parcel.',
    noEarlierOfParcel: 'No earlier event of this parcel.',
    selectFirst: 'Select an event first, with j or k.',
    wentWrong: 'Something went wrong.',
  },
  copy: {
    json: 'Copy JSON',
    done: 'Copied',
    byHand: (what: string) => `${what}: press Ctrl+C. Over HTTPS one click is enough.`,
  },

  parcel: {
    label: 'Parcel details',
    customer: 'Customer',
    address: 'Address',
    store: 'Store',
    driver: 'Driver',
    order: 'Order',
    attempts: 'Failed attempts',
    notBefore: 'Not before',
    due: 'Due',
    phone: 'Phone',
    email: 'Email',
    note: 'Note',
    only: 'Show only these',
    allBut: 'Show all but these',
    exclude: 'exclude',
    excludeWhat: (value: string) => `exclude ${value}`,
    life: 'Life of the parcel',
    /** Unfolds a long life. */
    allEvents: (n: number) => f.plural(n, { one: 'Show # event', other: 'Show all # events' }),
    urgent: (by: string) => `Urgent note of ${by}`,
    pins: (by: string) => `Five PINs of ${by} were wrong`,
    pinsHint: 'Ask who stands at the door. Once you have seen this, there are five more tries.',
    seen: 'Seen',
    seenDone: 'Marked as seen.',
    unseen: (driver: string) => `${driver} has not confirmed the change of the order yet.`,
    /** Behind who did it, where that was without a connection. */
    doneAt: (moment: string) => `done at ${moment}, sent later`,
  },
  /** Outcomes of dispatch's actions. */
  outcome: {
    sending: 'Sending…',
    undo: 'Undo',
    retry: 'Retry',
    takenBack: 'Taken back.',
  },

  urgent: {
    note: (by: string, order: string, text: string) => `Urgent note of ${by} on ${order}: ${text}`,
    pins: (by: string, order: string) => `Five PINs of ${by} were wrong on ${order}.`,
    open: 'Open parcel',
    more: (n: number) => f.plural(n, { one: '(and # more)', other: '(and # more)' }),
  },

  side: {
    connected: 'Connected',
    asOfLoss: 'As of when the connection was lost.',
    more: (n: number) => f.plural(n, { one: 'and # more', other: 'and # more' }),
    duty: { on: 'on duty', off: 'off duty' },
    lagging: 'lagging',
    /** A vehicle: how it is, its charge, and where it is. */
    device: 'Device',
    deviceIs: { RUNNING: 'running', RESTING: 'resting' },
    deviceFacts: <T>(status: T, percent: T, position: T) => phrase`${status} · ${percent}% · ${position}`,
    facts: <T>(door: T, since: T, seen: T) => phrase`${door} · since ${since} · seen ${seen}`,
    notices: 'Notices',
    clear: 'Clear',
    /** The same in full; what is seen is part of it. */
    clearNotices: 'Clear the notices',
    noNotices: 'No refused input, no faults.',
    kinds: {
      refused: 'Refused',
      fault: 'Fault',
      hub: 'Hub',
      relayed: 'Passed on',
    } satisfies Record<Notice['kind'], string>,
  },
});

export type Words = ReturnType<typeof messages>;
