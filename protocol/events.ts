/**
 * The catalogue: one row per status and one per event. The lists of names, the transitions, the permissions and the fold
 * of a parcel derive from it. The schemas of the details (messages.ts) and the words of the pages are tables over the
 * same names, which the compiler keeps complete.
 *
 *     the good day    – ──pickup──▶ ready ──claimed──▶ claimed ──in-transit──▶ in-transit ──delivered──▶ delivered
 *     given back      claimed ──released──▶ ready
 *     not at home     in-transit ──attempt-failed──▶ failed ──retried──▶ in-transit
 *     going back      in-transit | failed ──returning──▶ returning ──returned──▶ returned
 *     called off      ready | claimed ──cancelled──▶ cancelled
 *
 * `amended` changes the order and `note`, `seen` and `proof` add to it, whatever its status.
 */

// ---- statuses ----

interface StatusRow {
  readonly status: string;
  /** `held`: a driver has claimed or collected the parcel. `finished`: only a correction moves it on. */
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

/** @returns whether a driver has claimed or collected a parcel of this status */
export function isHeld(status: Status): boolean {
  return held.has(status);
}

/** A parcel of this status is …, in the hub's refusals. */
export const statusWords: Readonly<Record<Status, string>> = {
  ready: 'ready',
  claimed: 'claimed',
  'in-transit': 'in transit',
  failed: 'waiting after a failed attempt',
  returning: 'on its way back',
  delivered: 'delivered',
  returned: 'returned',
  cancelled: 'cancelled',
};

// ---- events ----

/**
 * Who may take a step. `store`: the vendor whose parcel it is. `driver`: any driver. `holder`: the driver who holds it.
 * `author`: who made the change that is taken back. `party`: its store, its customer, admins, and drivers who hold or
 * held it.
 */
export type ActorKind = 'store' | 'driver' | 'holder' | 'admin' | 'hub' | 'author' | 'party';

/** One way in which an event can happen. */
export interface Transition {
  /** `none`: there is no such parcel yet. */
  readonly from: readonly (Status | 'none')[];
  /** `same`: the status stays. `before`: the status before the latest change. */
  readonly to: Status | 'same' | 'before';
  readonly who: readonly ActorKind[];
  /** A detail that is required here. */
  readonly needs?: 'reason' | 'driver';
}

/**
 * What an event does to the parcel.
 *
 * - `begin`: creates it.
 * - `change`: changes its status, holder or attempts. The latest change can be taken back.
 * - `correct`: takes the latest change back.
 * - `remark`: changes nothing. Past holders may add one too, and a repeat counts as a new one.
 * - `amend`: changes the order. The holder has to confirm that they have seen it.
 * - `confirm`: says that an amendment or an urgent note has been seen.
 * - `prove`: adds a proof of delivery, collection or return.
 *
 * After all but the first three, the latest change can still be taken back.
 */
export type Effect = 'begin' | 'change' | 'correct' | 'remark' | 'amend' | 'confirm' | 'prove';

/** Who holds the parcel after an event. `named`: the driver in the details, else the driver who acted. */
export type HolderRule = 'same' | 'nobody' | 'named' | 'before';

interface EventRow {
  readonly event: string;
  readonly effect: Effect;
  readonly holder: HolderRule;
  /** Counts as an attempt to deliver. */
  readonly attempt?: true;
  readonly ways: readonly Transition[];
}

/** The statuses of open parcels: all but delivered, returned and cancelled. */
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
  {
    event: 'amended',
    effect: 'amend',
    holder: 'same',
    ways: [
      { from: ['ready', 'claimed'], to: 'same', who: ['store'] },
      { from: unfinished, to: 'same', who: ['admin'] },
    ],
  },
  {
    event: 'seen',
    effect: 'confirm',
    holder: 'same',
    ways: [
      { from: inPhase('held'), to: 'same', who: ['holder'] },
      { from: statuses, to: 'same', who: ['admin'] },
    ],
  },
  {
    event: 'proof',
    effect: 'prove',
    holder: 'same',
    ways: [
      { from: inPhase('held'), to: 'same', who: ['holder', 'admin'] },
      // These keep their last holder.
      { from: ['delivered', 'returned'], to: 'same', who: ['holder', 'admin'] },
    ],
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
 * What an event does; undefined for an event of a later hub, where only the record's status says whether the parcel
 * changed.
 */
export function effectOf(event: string): Effect | undefined {
  return rowOf.get(event)?.effect;
}

export function isRemark(event: EventName): boolean {
  return effectOf(event) === 'remark';
}

/** @returns whether the event leaves status, holder and attempts as they are */
export function keepsStatus(event: EventName): boolean {
  const effect = effectOf(event);
  return effect === 'remark' || effect === 'amend' || effect === 'confirm' || effect === 'prove';
}

/** @returns whether the event makes a change that its author may take back */
export function isCorrectable(event: string): boolean {
  return effectOf(event) === 'change';
}

/** @returns `same` for events of a later hub */
export function holderRuleOf(event: string): HolderRule {
  return rowOf.get(event)?.holder ?? 'same';
}

export function isAttempt(event: string): boolean {
  return rowOf.get(event)?.attempt === true;
}

// ---- choices in the details ----

/** Why a delivery attempt failed, in the order in which the driver's page offers them. */
export const failReasons = [
  'not-home',
  'refused',
  'wrong-address',
  'no-access',
  'damaged',
  'lost',
  'other',
] as const;

/** Who or what received the parcel, in the same order. */
export const outcomes = ['recipient', 'third-party', 'safe-place', 'mailbox', 'other'] as const;

/** What a proof can be: `pin` says how a code was checked that stands on the customer's page. */
export const proofKinds = ['photo', 'signature', 'scan', 'pin'] as const;

/** What `amended` may change; null removes all but the first two. */
export const amendableFields = [
  'customer',
  'address',
  'phone',
  'email',
  'note',
  'notBefore',
  'dueAt',
] as const;
