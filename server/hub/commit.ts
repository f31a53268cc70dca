/** Decides the waiting commands for one commit. Pure, apart from the lookups in the store. */

import { orderAfter } from '../../protocol/amendment-check.ts';
import { CapsError } from '../../protocol/errors.ts';
import type { EventName, Status } from '../../protocol/events.ts';
import { parcelName } from '../../protocol/ids.ts';
import { sameJson } from '../../protocol/json.ts';
import type { Answer, Author, CapsRecord, Command } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { type Actor, apply, decide, type Parcel, type UnnumberedRecord } from '../../protocol/parcel.ts';
import type { PinVerdict } from '../../protocol/proof.ts';
import { verdictIn, withoutPin } from '../../protocol/proof-check.ts';
import type { Board, Position } from '../store/row.ts';
import type {
  Append,
  CommandId,
  CommitLookup,
  CommitPlan,
  LookupResult,
  StoredRefusal,
} from '../store/store.ts';
import { type AnswerCache, answerIn, contentOf, fullIdOf } from './answer-cache.ts';

export type Door = CapsRecord['via'];

/** A command that waits for its commit. */
export interface Job {
  readonly actor: Actor;
  readonly by: Author;
  /** `role:id`. Command ids are unique per sender. */
  readonly sender: string;
  readonly door: Door;
  readonly command: Command;
  readonly settle: (answer: Answer) => void;
}

/** What became of one command. `index` points into the commit's rows. */
export type Outcome =
  | { readonly kind: 'refused'; readonly error: CapsError }
  | ({ readonly kind: 'recorded'; readonly index: number; readonly duplicate: boolean } & Receipt)
  | ({ readonly kind: 'known'; readonly place: Position; readonly duplicate: true } & Receipt);

/** A command that repeated a record of the log. */
export type Repeat = Extract<Outcome, { kind: 'known' }>;

interface Receipt {
  readonly rev: number;
  readonly status: Status;
  readonly time: string;
  /** Of a proof by PIN. */
  readonly pin?: PinVerdict | undefined;
}

export function lookupOf(jobs: readonly Job[]): CommitLookup {
  const parcels: ParcelId[] = [];
  const commands: CommandId[] = [];
  for (const { command, sender } of jobs) {
    parcels.push(command.payload);
    if (command.id !== undefined) commands.push({ actor: sender, id: command.id });
  }
  return { parcels, commands };
}

export interface CommitContext {
  /** Milliseconds since 1970. The log's time never runs backwards, even if this does. */
  readonly now: number;
  /** Rejections from earlier commits. */
  readonly rejections: Pick<AnswerCache<CapsError>, 'of'>;
  /** Amendments that said nothing new, from earlier commits. */
  readonly repeats?: Pick<AnswerCache<Repeat>, 'of'> | undefined;
  /** Called for a bug in deciding one command, which costs that command alone. */
  readonly onFault: (error: unknown, what: string) => void;
}

/** Decides the jobs in order, each on the state that the ones before it left. */
export function decideBatch(
  jobs: readonly Job[],
  found: LookupResult,
  { now, rejections, repeats, onFault }: CommitContext,
): CommitPlan<Outcome[]> {
  const batch = new Batch(found, now);
  /** Of those with an id that left no record. */
  const decided = new Map<string, { content: string; answer: Outcome }>();
  const remember = ({ sender, command }: Job, answer: Outcome): Outcome => {
    if (command.id !== undefined)
      decided.set(fullIdOf(sender, command.id), { content: contentOf(command), answer });
    return answer;
  };
  const decideOne = (job: Job): Outcome => {
    const { sender, command } = job;
    const known = answerIn(decided, sender, command) ?? repeats?.of(sender, command);
    if (known) return known;
    const refusal = rejections.of(sender, command) ?? refusalElsewhere(found, sender, command);
    if (refusal) return { kind: 'refused', error: refusal };
    try {
      const outcome = batch.decide(job);
      return saidNothing(job, outcome) ? remember(job, outcome) : outcome;
    } catch (error) {
      const isExpected = error instanceof CapsError;
      if (!isExpected) onFault(error, 'a command could not be decided');
      return remember(job, { kind: 'refused', error: isExpected ? error : new CapsError('internal') });
    }
  };
  const result = jobs.map(decideOne);
  const refusals = found.refusal ? refusalsIn(jobs, result) : [];
  return { appends: batch.appends, result, ...(refusals.length > 0 ? { refusals } : {}) };
}

/**
 * Whether this is an amendment with an id that needed no record. It may come again after somebody has changed the order
 * to something else, and would then be one.
 */
export function saidNothing({ command }: Job, outcome: Outcome): boolean {
  return command.event === 'amended' && outcome.kind !== 'refused' && outcome.duplicate;
}

/** The same refusal by another hub, or by this one before it ended. */
function refusalElsewhere(found: LookupResult, sender: string, command: Command): CapsError | undefined {
  if (command.id === undefined) return undefined;
  const refusal = found.refusal?.({ actor: sender, id: command.id });
  if (!refusal || refusal.content !== contentOf(command)) return undefined;
  const { code, message, details } = refusal.error;
  return new CapsError(code, message, details ? { details } : {});
}

/** Final refusals, of which other hubs have to know. */
function refusalsIn(jobs: readonly Job[], outcomes: readonly Outcome[]): StoredRefusal[] {
  return jobs.flatMap(({ sender, command }, i) => {
    const outcome = outcomes[i];
    if (outcome?.kind !== 'refused' || outcome.error.retryable || command.id === undefined) return [];
    const named = { actor: sender, id: command.id };
    return [{ command: named, content: contentOf(command), error: outcome.error.toWire() }];
  });
}

/** A parcel as this commit has left it so far. */
interface DraftParcel {
  readonly parcel: Parcel;
  /** Its first and its latest record: already in the log, or an index into this commit's rows. */
  readonly first: Position | number;
  readonly latest: Position | number;
}

class Batch {
  readonly appends: Append[] = [];
  readonly #found: LookupResult;
  readonly #nowMs: number;
  readonly #time: string;
  readonly #machineTime: Pick<CapsRecord, 'machineTime'>;
  readonly #parcels = new Map<string, DraftParcel>();
  readonly #commands = new Map<string, number>();

  constructor(found: LookupResult, nowMs: number) {
    this.#found = found;
    this.#nowMs = nowMs;
    const { time } = found.head;
    const own = new Date(nowMs).toISOString();
    const isBehind = time !== '' && nowMs < Date.parse(time);
    this.#time = isBehind ? time : own;
    this.#machineTime = isBehind ? { machineTime: own } : {};
  }

  decide({ actor, by, sender, door, command }: Job): Outcome {
    const commandId = command.id === undefined ? undefined : { actor: sender, id: command.id };
    const known = commandId && this.#known(commandId, command);
    if (known) return known;

    const name = parcelName(command.payload);
    const draft = this.#parcels.get(name) ?? this.#load(command.payload);
    const decision = decide(draft?.parcel, command, actor, this.#nowMs);
    if (decision.kind === 'repeats') return repeated(draft, decision.which, command);

    const facts = this.#record(decision, draft?.parcel, command, by, door);
    const parcel = apply(draft?.parcel, facts);
    const record = { ...facts, holder: parcel.holder };
    const index = this.appends.length;
    this.appends.push({
      record,
      parcel,
      board: boardOf(command.event, draft?.parcel.status, parcel.status),
      command: commandId,
    });
    this.#parcels.set(name, { parcel, first: draft?.first ?? index, latest: index });
    if (commandId) this.#commands.set(fullIdOf(sender, commandId.id), index);
    return { kind: 'recorded', index, duplicate: false, ...receiptOf(record) };
  }

  /** The record that this command has already become. @throws CapsError id-reused */
  #known(key: CommandId, command: Command): Outcome | undefined {
    const index = this.#commands.get(fullIdOf(key.actor, key.id));
    const append = index === undefined ? undefined : this.appends[index];
    if (index !== undefined && append) {
      const { record } = append;
      if (!saysTheSame(record, command)) throw new CapsError('id-reused');
      return { kind: 'recorded', index, duplicate: true, ...receiptOf(record) };
    }
    const row = this.#found.command(key);
    if (!row) return undefined;
    const { record } = row;
    if (!saysTheSame(record, command)) throw new CapsError('id-reused');
    return { kind: 'known', place: row, duplicate: true, ...receiptOf(record) };
  }

  #load(key: ParcelId): DraftParcel | undefined {
    const stored = this.#found.parcel(key);
    return stored && { parcel: stored.parcel, first: stored.first, latest: stored.last };
  }

  #record(
    decision: { status: Status; details?: Record<string, unknown> | undefined },
    parcel: Parcel | undefined,
    command: Command,
    by: Author,
    via: Door,
  ): UnnumberedRecord {
    const { event, occurredAt } = command;
    const payload = orderAfter(parcel?.payload, command);
    return {
      event,
      time: this.#time,
      status: decision.status,
      rev: (parcel?.rev ?? 0) + 1,
      payload,
      ...(decision.details ? { details: decision.details } : {}),
      by,
      via,
      ...(occurredAt === undefined ? {} : { occurredAt }),
      ...this.#machineTime,
    };
  }
}

/** Outcome of a command without an id that repeats the parcel's first or latest record. */
function repeated(draft: DraftParcel | undefined, which: 'first' | 'latest', { details }: Command): Outcome {
  if (!draft) throw new Error('what repeats has something to repeat');
  const { parcel } = draft;
  const said: Receipt =
    which === 'first'
      ? { rev: 1, status: 'ready', time: parcel.createdAt }
      : {
          ...{ rev: parcel.rev, status: parcel.status, time: parcel.latest.time },
          // Only what was right before is not tried again.
          ...(verdictIn(details) ? { pin: 'right' } : {}),
        };
  const place = draft[which];
  return typeof place === 'number'
    ? { kind: 'recorded', index: place, duplicate: true, ...said }
    : { kind: 'known', place, duplicate: true, ...said };
}

function receiptOf({ event, rev, status, time, details }: UnnumberedRecord): Receipt {
  const pin = event === 'proof' ? verdictIn(details) : undefined;
  return pin ? { rev, status, time, pin } : { rev, status, time };
}

/** Whether a record is what this command would have become. The device's clock does not count. */
function saysTheSame(record: UnnumberedRecord, command: Command): boolean {
  if (record.event !== command.event) return false;
  const [was, is] = [record.details, command.details].map((details: Record<string, unknown> | undefined) =>
    command.event === 'proof' ? withoutPin(details) : details,
  );
  if (!sameJson(was ?? {}, is ?? {})) return false;
  if (command.event === 'pickup') return sameJson(record.payload, command.payload);
  return record.payload.store === command.payload.store && record.payload.orderID === command.payload.orderID;
}

function boardOf(event: EventName, before: Status | undefined, after: Status): Board {
  const was = before === 'ready';
  const is = after === 'ready';
  if (was !== is) return is ? 'on' : 'off';
  return is && event === 'amended' ? 'amended' : 'same';
}
