/**
 * The catalogue: one row per status and one per event, with everything that the event itself decides. The lists of
 * names, the transitions, the permissions and what a parcel becomes derive from it. The schemas of the details
 * (messages.ts) and the words of the pages are tables over the same names, which the compiler keeps complete.
 *
 *     the good day    – ──pickup──▶ ready ──claimed──▶ claimed ──in-transit──▶ in-transit ──delivered──▶ delivered
 *     given back      claimed ──released──▶ ready
 *     not at home     in-transit ──attempt-failed──▶ failed ──retried──▶ in-transit
 *     going back      in-transit | failed ──returning──▶ returning ──returned──▶ returned
 *     called off      ready | claimed ──cancelled──▶ cancelled
 */

// ---- statuses ----

interface StatusRow {
  readonly status: string;
  /** `held`: a driver has the parcel, or it is promised to them. `finished`: only a correction moves it on. */
  readonly phase: 'open' | 'held' | 'finished';
}

const statusRows = [
  { status: 'ready', phase: 'open' },
  { status: 'claimed', phase: 'held' },
  { status: 'in-transit', phase: 'held' },
  { status: 'failed', phase: 'held' },
  { status: 'returning', phase: 'held' },
  { status: 'delivered', phase: 'finished' },
  { status: 'returned', phase: 'finished' },
  { status: 'cancelled', phase: 'finished' },
] as const satisfies readonly StatusRow[];

export type Status = (typeof statusRows)[number]['status'];
export const statuses: readonly Status[] = statusRows.map(({ status }) => status);

function inPhase(phase: StatusRow['phase']): readonly Status[] {
  return statusRows.filter((row) => row.phase === phase).map(({ status }) => status);
}
const finished: ReadonlySet<Status> = new Set(inPhase('finished'));
const held: ReadonlySet<Status> = new Set(inPhase('held'));

export function isFinished(status: Status): boolean {
  return finished.has(status);
}

/** @returns whether a driver has a parcel of this status, or it is promised to them */
export function isHeld(status: Status): boolean {
  return held.has(status);
}

// ---- events ----

/**
 * Who a step is open to. `store`: the vendor whose parcel it is. `driver`: any driver. `holder`: the driver who
 * holds it. `author`: who made the change that is taken back. `party`: anyone who has to do with the parcel.
 */
export type ActorKind = 'store' | 'driver' | 'holder' | 'admin' | 'hub' | 'author' | 'party';

/** One way in which an event may happen. */
export interface Transition {
  /** `none`: there is no such parcel yet. */
  readonly from: readonly (Status | 'none')[];
  /** `same`: the status stays. `before`: the status before the latest change. */
  readonly to: Status | 'same' | 'before';
  readonly who: readonly ActorKind[];
  /** A detail that cannot be left out here. */
  readonly needs?: 'reason' | 'driver';
}

/**
 * What an event does to the parcel.
 *
 * - `begin`: there is a parcel now.
 * - `change`: its status, holder or attempts are other ones. The latest change can be taken back.
 * - `correct`: the latest change is taken back.
 * - `remark`: nothing of these. It can be added by whoever ever held the parcel, more than once in the same words,
 *   and leaves the latest change as one that can be taken back.
 */
export type Effect = 'begin' | 'change' | 'correct' | 'remark';

/** Whom the parcel is with afterwards: `named`: the driver in the details, else the driver who acted. */
export type HolderRule = 'same' | 'nobody' | 'named' | 'before';

interface EventRow {
  readonly event: string;
  readonly effect: Effect;
  readonly holder: HolderRule;
  /** Counts as an attempt to deliver. */
  readonly attempt?: true;
  readonly ways: readonly Transition[];
}

/** Of parcels that are open: neither delivered, returned nor cancelled. */
export const unfinished: readonly Status[] = statuses.filter((status) => !isFinished(status));

const eventRows = [
  {
    event: 'pickup',
    effect: 'begin',
    holder: 'nobody',
    ways: [{ from: ['none'], to: 'ready', who: ['store', 'admin'] }],
  },
  {
    event: 'claimed',
    effect: 'change',
    holder: 'named',
    ways: [
      { from: ['ready'], to: 'claimed', who: ['driver'] },
      { from: ['ready'], to: 'claimed', who: ['admin'], needs: 'driver' },
    ],
  },
  {
    event: 'released',
    effect: 'change',
    holder: 'nobody',
    ways: [{ from: ['claimed'], to: 'ready', who: ['holder', 'admin', 'hub'] }],
  },
  {
    event: 'in-transit',
    effect: 'change',
    holder: 'named',
    ways: [
      { from: ['claimed'], to: 'in-transit', who: ['holder'] },
      { from: ['ready'], to: 'in-transit', who: ['driver'] },
    ],
  },
  {
    event: 'delivered',
    effect: 'change',
    holder: 'same',
    ways: [{ from: ['in-transit'], to: 'delivered', who: ['holder', 'admin'] }],
  },
  {
    event: 'attempt-failed',
    effect: 'change',
    holder: 'same',
    attempt: true,
    ways: [{ from: ['in-transit'], to: 'failed', who: ['holder'] }],
  },
  {
    event: 'retried',
    effect: 'change',
    holder: 'same',
    ways: [{ from: ['failed'], to: 'in-transit', who: ['holder', 'admin'] }],
  },
  {
    event: 'returning',
    effect: 'change',
    holder: 'same',
    ways: [{ from: ['in-transit', 'failed'], to: 'returning', who: ['holder', 'admin'] }],
  },
  {
    event: 'returned',
    effect: 'change',
    holder: 'same',
    ways: [{ from: ['returning'], to: 'returned', who: ['holder', 'store', 'admin'] }],
  },
  {
    event: 'cancelled',
    effect: 'change',
    holder: 'nobody',
    ways: [
      { from: ['ready', 'claimed'], to: 'cancelled', who: ['store'] },
      { from: unfinished, to: 'cancelled', who: ['admin'], needs: 'reason' },
    ],
  },
  {
    event: 'reassigned',
    effect: 'change',
    holder: 'named',
    ways: [{ from: inPhase('held'), to: 'same', who: ['admin'], needs: 'driver' }],
  },
  {
    event: 'corrected',
    effect: 'correct',
    holder: 'before',
    ways: [{ from: statuses, to: 'before', who: ['author', 'admin'] }],
  },
  {
    event: 'note',
    effect: 'remark',
    holder: 'same',
    ways: [{ from: statuses, to: 'same', who: ['party'] }],
  },
] as const satisfies readonly EventRow[];

export type EventName = (typeof eventRows)[number]['event'];
export const eventNames: readonly EventName[] = eventRows.map(({ event }) => event);

const rowOf: ReadonlyMap<string, EventRow> = new Map(eventRows.map((row) => [row.event, row]));

/** A step of a parcel's life: one event in one of its ways. */
export interface Step extends Transition {
  readonly event: EventName;
}

export const life: readonly Step[] = eventRows.flatMap(({ event, ways }) =>
  ways.map((way: Transition) => ({ event, ...way })),
);

/**
 * What an event does. Pages may meet events that a later hub has: of these only the status says whether the parcel
 * changed.
 */
export function effectOf(event: string): Effect | undefined {
  return rowOf.get(event)?.effect;
}

export function isRemark(event: EventName): boolean {
  return effectOf(event) === 'remark';
}

/** @returns whether the event makes a change that its author may take back */
export function isCorrectable(event: string): boolean {
  return effectOf(event) === 'change';
}

/** @returns how the event changes whom the parcel is with; `same` for events that a later hub has */
export function holderRuleOf(event: string): HolderRule {
  return rowOf.get(event)?.holder ?? 'same';
}

export function isAttempt(event: string): boolean {
  return rowOf.get(event)?.attempt === true;
}

// ---- what may be said with them ----

/** Why a delivery was tried in vain, in the order in which a driver is asked. */
export const failReasons = [
  'not-home',
  'refused',
  'wrong-address',
  'no-access',
  'damaged',
  'lost',
  'other',
] as const;

/** Who or what has a delivered parcel, likewise. */
export const outcomes = ['recipient', 'third-party', 'safe-place', 'mailbox', 'other'] as const;
