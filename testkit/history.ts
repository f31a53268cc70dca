/**
 * The history checker: what everyone sent and was told, held against the log at the end. Pure, and apart from
 * the hub: it imports only the shapes of messages.
 *
 * How a record is known to be a command's: records carry no command id, so they are matched by who did what to
 * which parcel with which details. Of one such step there may be as many records as commands that were accepted,
 * and at most as many more as commands whose outcome nobody knows.
 */

import { sameJson } from '../protocol/json.ts';
import type { AcceptedAnswer, CapsRecord, Command, ParcelView } from '../protocol/messages.ts';
import type { ParcelId } from '../protocol/orders.ts';
import { type Entry, type Feed, Log, labelOf, parcelText, textOf, withoutSeq } from './log.ts';
import { Findings, type Verdict } from './verdict.ts';

export type Outcome =
  | { readonly kind: 'ok'; readonly answer: AcceptedAnswer }
  | { readonly kind: 'fail'; readonly code: string }
  | { readonly kind: 'unknown' }
  /** For a client without answers: the command may or may not have become a record. */
  | { readonly kind: 'silent' };

/** One command as its sender saw it. A retry under the same id is another entry. */
export interface IssuedCommand {
  readonly client: string;
  /** `role:id` */
  readonly actor: string;
  readonly command: Command & { id: string };
  /** On any clock shared by all senders. */
  readonly start: number;
  /** Infinity without an answer. */
  readonly end: number;
  readonly outcome: Outcome;
}

/** One feed of one client, through all of its connections. */
export interface Watcher {
  readonly client: string;
  readonly reads: Feed;
  /** Its place at the start, in the feed's own seqs: it must hear everything after it. */
  readonly from: number;
  /** Whether it was connected at the end; otherwise it may miss the last records. */
  readonly toTheEnd: boolean;
  /** In order of receipt. */
  readonly seen: readonly Sighting[];
  /** Board only: the ends of its ranges. An offer that is gone by the end of its range need not be shown. */
  readonly stretches?: readonly number[];
  /** Board only: offers that it believes to be open at the end. */
  readonly offers?: readonly ParcelId[];
}

export interface Sighting {
  /** Counts the client's connections. */
  readonly connection: number;
  readonly record: CapsRecord;
}

export interface History {
  readonly commands: readonly IssuedCommand[];
  readonly watchers: readonly Watcher[];
  /** The whole log at the end. */
  readonly log: readonly CapsRecord[];
  /** The parcels' rows at the end, if they were read. */
  readonly rows?: readonly ParcelView[];
}

export function check(history: History): Verdict {
  const findings = new Findings();
  const log = new Log(history.log, findings);
  checkCommands(history.commands, log, findings);
  checkRealTime(history.commands, log, findings);
  for (const watcher of history.watchers) checkWatcher(watcher, log, findings);
  checkAgreement(history.watchers, findings);
  if (history.rows) checkRows(history.rows, log, findings);
  return findings.verdict();
}

// ---- commands ----

interface Step {
  /** By command id; the most conclusive outcome of each. */
  readonly commands: Map<string, IssuedCommand>;
  readonly records: CapsRecord[];
}

function checkCommands(commands: readonly IssuedCommand[], log: Log, findings: Findings): void {
  const steps = new Map<string, Step>();
  const stepOf = (text: string): Step => {
    const step = steps.get(text) ?? { commands: new Map(), records: [] };
    steps.set(text, step);
    return step;
  };
  for (const { record } of log.entries) {
    if (record.by.role === 'hub') continue;
    stepOf(stepText(`${record.by.role}:${record.by.id}`, record)).records.push(record);
  }
  const seqOfId = new Map<string, number>();
  for (const issued of commands) {
    const { actor, command, outcome } = issued;
    if (outcome.kind === 'unknown') findings.add('unfinished', labelOf(command, actor));
    if (outcome.kind === 'ok') {
      const id = `${actor} ${command.id}`;
      const seq = seqOfId.get(id) ?? outcome.answer.seq;
      if (seq !== outcome.answer.seq) {
        findings.add('duplicate', `one id at ${seq} and ${outcome.answer.seq}: ${labelOf(command, actor)}`);
      }
      seqOfId.set(id, seq);
    }
    const step = stepOf(stepText(actor, command));
    const known = step.commands.get(command.id);
    if (!known || weight(issued) > weight(known)) step.commands.set(command.id, issued);
  }
  for (const step of steps.values()) checkStep(step, log, findings);
}

function checkStep({ commands, records }: Step, log: Log, findings: Findings): void {
  /** Acknowledged records, and whether a command that was no duplicate got one. */
  const ackedAt = new Map<number, boolean>();
  let unknown = 0;
  for (const { actor, command, outcome } of commands.values()) {
    if (outcome.kind === 'unknown' || outcome.kind === 'silent') unknown += 1;
    if (outcome.kind !== 'ok') continue;
    const { answer } = outcome;
    const there = recordOf(actor, command, answer.seq, log);
    const record = records.find((one) => one === there && saysSame(one, answer));
    const known = record ?? records.find((one) => saysSame(one, answer));
    if (!known) {
      const instead = there ? labelOf(there) : 'nothing';
      findings.add('lost', `acked, but the log has at ${answer.seq} ${instead}: ${labelOf(command, actor)}`);
      continue;
    }
    const isFirst = answer.duplicate === undefined;
    if (!record) findings.add('moved', `acked at ${answer.seq}, but is ${labelOf(known)}`);
    if (isFirst && ackedAt.get(known.seq))
      findings.add('lost', `two commands are one record: ${labelOf(known)}`);
    ackedAt.set(known.seq, isFirst || ackedAt.get(known.seq) === true);
  }
  const unasked = records.filter(({ seq }) => !ackedAt.has(seq)).slice(unknown);
  for (const record of unasked) {
    const again = ackedAt.size > 0 || unknown > 0;
    findings.add(again ? 'duplicate' : 'phantom', `in the log without a command: ${labelOf(record)}`);
  }
}

function weight({ outcome }: IssuedCommand): number {
  if (outcome.kind === 'ok') return outcome.answer.duplicate ? 2 : 3;
  return outcome.kind === 'fail' ? 0 : 1;
}

/** The record of an answer's seq, in the sender's own seqs. */
function recordOf(actor: string, command: Command, seq: number, log: Log): CapsRecord | undefined {
  const { store } = command.payload;
  return log.at(actor.startsWith('vendor:') ? { feed: 'store', store } : { feed: 'log' }, seq)?.record;
}

function saysSame(record: CapsRecord, answer: AcceptedAnswer): boolean {
  return record.rev === answer.rev && record.status === answer.status && record.time === answer.time;
}

/** A record acknowledged before another command was sent must precede it in the log. */
function checkRealTime(commands: readonly IssuedCommand[], log: Log, findings: Findings): void {
  const acked = commands.flatMap(({ actor, command, start, end, outcome }) => {
    if (outcome.kind !== 'ok') return [];
    const record = recordOf(actor, command, outcome.answer.seq, log);
    return record ? [{ seq: record.seq, start, end, again: outcome.answer.duplicate, command, actor }] : [];
  });
  const byEnd = acked.toSorted((a, b) => a.end - b.end);
  let ended = 0;
  let highest = 0;
  for (const { seq, start, again, command, actor } of acked.toSorted((a, b) => a.start - b.start)) {
    for (let next = byEnd[ended]; next && next.end < start; next = byEnd[++ended]) {
      highest = Math.max(highest, next.seq);
    }
    // A retry is rightly answered with its old seq.
    if (seq < highest && !again) {
      findings.add('reordered', `at ${seq}, sent after ${highest} was acked: ${labelOf(command, actor)}`);
    }
  }
}

// ---- watchers ----

function checkWatcher(watcher: Watcher, log: Log, findings: Findings): void {
  const { client, reads, from, toTheEnd, seen } = watcher;
  const who = `${client} (${reads.feed})`;
  const dense = reads.feed === 'log' || reads.feed === 'store';
  const heard = new Set<number>();
  let place = from;
  for (const { connection, record } of seen) {
    const what = `${who}, connection ${connection}: ${labelOf(record)}`;
    const { seq } = record;
    const entry = log.at(reads, seq);
    if (heard.has(seq)) findings.add('duplicate', `told twice to ${what}`);
    else if (seq < place) findings.add('reordered', `told after ${place} to ${what}`);
    else if (dense && seq !== place + 1) findings.add('hole', `told after ${place} to ${what}`);
    if (!isInScope(reads, record, entry)) findings.add('leak', `told to ${what}`);
    else if (!entry) findings.add('phantom', `not in the log, but told to ${what}`);
    else if (!isTold(entry, record, reads))
      findings.add('moved', `the log has ${labelOf(entry.record)}, told to ${what}`);
    heard.add(seq);
    place = Math.max(place, seq);
  }
  if (!toTheEnd) return;
  for (const entry of log.entries) {
    const seq = reads.feed === 'store' ? entry.storeSeq : entry.record.seq;
    if (seq > from && mustHear(watcher, entry) && !heard.has(seq)) {
      findings.add('lost', `never told to ${who}: ${labelOf(entry.record)}`);
    }
  }
  if (watcher.offers) checkOffers(client, watcher.offers, log, findings);
}

function isTold({ record: there, text, told }: Entry, record: CapsRecord, { feed }: Feed): boolean {
  const counted = feed === 'store' ? 'store' : 'log';
  if (told[counted] === record) return true;
  const isSame = text === textOf(record) || sameJson(withoutSeq(there), withoutSeq(record));
  if (isSame) told[counted] = record;
  return isSame;
}

function isInScope(reads: Feed, record: CapsRecord, entry: Entry | undefined): boolean {
  switch (reads.feed) {
    case 'log':
      return true;
    case 'store':
      return record.payload.store === reads.store;
    case 'board':
      return record.status === 'ready';
    case 'own':
      return entry === undefined || entry.after.drivers.includes(reads.driver);
  }
}

function mustHear({ reads, stretches }: Watcher, { record, after, offeredUntil }: Entry): boolean {
  switch (reads.feed) {
    case 'log':
      return true;
    case 'store':
      return record.payload.store === reads.store;
    case 'board': {
      if (offeredUntil === undefined) return false;
      const end = stretches?.find((upTo) => upTo >= record.seq);
      return end === undefined || offeredUntil > end;
    }
    case 'own':
      return after.drivers.includes(reads.driver);
  }
}

function checkOffers(client: string, offers: readonly ParcelId[], log: Log, findings: Findings): void {
  const shown = new Set(offers.map(parcelText));
  for (const [key, { status }] of log.parcels) {
    if (shown.delete(key) === (status === 'ready')) continue;
    findings.add(
      status === 'ready' ? 'lost' : 'diverged',
      `${key} is ${status}; the board of ${client} differs`,
    );
  }
  for (const key of shown) findings.add('phantom', `${key} is on the board of ${client} alone`);
}

/** Readers of the same places must have seen the same. */
function checkAgreement(watchers: readonly Watcher[], findings: Findings): void {
  const told = new Map<string, { client: string; record: CapsRecord; text?: string }>();
  for (const { client, reads, seen } of watchers) {
    const places = reads.feed === 'store' ? `store ${reads.store}` : 'log';
    for (const { record } of seen) {
      const place = `${places} ${record.seq}`;
      const first = told.get(place);
      if (!first) told.set(place, { client, record });
      if (!first || first.record === record) continue;
      first.text ??= textOf(first.record);
      if (first.text !== textOf(record) && !sameJson(withoutSeq(first.record), withoutSeq(record))) {
        findings.add('diverged', `${first.client}: ${labelOf(first.record)}; ${client}: ${labelOf(record)}`);
      }
    }
  }
}

// ---- rows ----

function checkRows(rows: readonly ParcelView[], log: Log, findings: Findings): void {
  const unseen = new Map(log.parcels);
  for (const row of rows) {
    const key = parcelText(row.payload);
    const parcel = unseen.get(key);
    unseen.delete(key);
    if (!parcel) {
      findings.add('phantom', `a row without records: ${key}`);
    } else if (
      row.status !== parcel.status ||
      row.rev !== parcel.rev ||
      row.attempts !== parcel.attempts ||
      row.holder?.id !== parcel.holder
    ) {
      findings.add(
        'diverged',
        `row of ${key}: ${row.status} rev ${row.rev}; log: ${parcel.status} rev ${parcel.rev}`,
      );
    }
  }
  for (const key of unseen.keys()) findings.add('lost', `no row: ${key}`);
}

// ---- words ----

/** A text that is equal for equal steps, of a command or of a record. */
function stepText(actor: string, { event, payload, details }: Omit<Command, 'id'> | CapsRecord): string {
  return JSON.stringify([
    actor,
    event,
    sorted(event === 'pickup' ? payload : parcelText(payload)),
    sorted(details ?? {}),
  ]);
}

/** Sorts the keys of all objects, so that equal values are equal texts. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => [key, sorted(inner)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
