/** How records read on this page. */

import type { EventName } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { count, events } from '../../app/numbers.ts';
import type { Range, WindowSnapshot } from './log-window.ts';

/** Where an event brings a parcel into a status, it reads as that status; else as what was done. */
const eventWords: Readonly<Record<EventName, string>> = {
  pickup: 'Ready',
  claimed: 'Claimed',
  released: 'Released',
  'in-transit': 'In transit',
  delivered: 'Delivered',
  'attempt-failed': 'Failed',
  retried: 'Retried',
  returning: 'Returning',
  returned: 'Returned',
  cancelled: 'Cancelled',
  reassigned: 'Reassigned',
  corrected: 'Corrected',
  note: 'Note',
};

/** Of an event that a later hub has, its name. */
export function eventWord(event: EventName): string {
  return Object.hasOwn(eventWords, event) ? eventWords[event] : event;
}

const detailWords: Readonly<Record<string, string>> = {
  'not-home': 'nobody home',
  refused: 'refused',
  'wrong-address': 'wrong address',
  'no-access': 'no access',
  damaged: 'damaged',
  lost: 'lost',
  recipient: 'to the recipient',
  'third-party': 'to a neighbour',
  'safe-place': 'left in a safe place',
  mailbox: 'in the mailbox',
};

/** What the event added, in a few words; empty where it added nothing. */
export function detailText({ details = {} }: CapsRecord): string {
  return Object.entries(details)
    .map(([key, value]) => {
      if (key === 'rev') return `takes back number ${value}`;
      if (key === 'driver') return `to ${value}`;
      if (key === 'receivedBy') return `received by ${value}`;
      return typeof value === 'string' ? (detailWords[value] ?? value) : `${key} ${JSON.stringify(value)}`;
    })
    .join(', ');
}

/** Who did it, where that is not the store itself. */
export function doerText({ by }: CapsRecord): string | undefined {
  switch (by.role) {
    case 'vendor':
      return undefined;
    case 'driver':
    case 'customer':
      return by.name ?? by.id;
    case 'admin':
      return by.name ?? 'Dispatch';
    case 'hub':
      return 'Hub';
  }
}

// Made once: making a formatter costs more than drawing the row that it is for.
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const dayMs = 24 * 60 * 60 * 1_000;

/** `18:03:11.246` in this machine's time zone. */
export function clockText(moment: string): string {
  return clock.format(Date.parse(moment));
}

/** As `clockText`; of another day than today, the day and no milliseconds: `11/20, 18:03`. */
export function momentText(moment: string, now = new Date()): string {
  return (isOfDay(moment, now) ? clock : dayAndClock).format(Date.parse(moment));
}

function isOfDay(moment: string, day: Date): boolean {
  const midnight = new Date(day).setHours(0, 0, 0, 0);
  const time = Date.parse(moment);
  return time >= midnight && time < midnight + dayMs;
}

/** Day and time to the second, in full. */
export function fullText(moment: string): string {
  return full.format(Date.parse(moment));
}

/** `18:03:11` */
export function secondText(moment: string): string {
  return seconds.format(Date.parse(moment));
}

/** `18:03:11 – 18:04:00`, as this machine's language writes it; with the day where that is not today's. */
export function rangeText({ from, to }: Range, now = new Date()): string {
  const isToday = [from, to].every((moment) => moment === undefined || isOfDay(moment, now));
  const format = isToday ? seconds : full;
  if (from !== undefined && to !== undefined) return format.formatRange(Date.parse(from), Date.parse(to));
  if (from !== undefined) return `since ${format.format(Date.parse(from))}`;
  return `until ${format.format(Date.parse(to ?? ''))}`;
}

/** How much of the log this is, as far as is known. */
export function countsText(window: WindowSnapshot): string {
  const { rows, isSearching, search, look, range, older, newer, total, fresh, found } = window;
  if (search.trim() === '') return range ? `${count(rows.count)} of ${events(total)}` : events(total);
  if (isSearching) return `Searching ${events(total)}…`;
  if (found !== undefined) return `${count(found)} of ${count(total)} match`;
  if (look === 'highlight') return events(total);
  const isAll = older === 'none' && newer === 'none';
  if (isAll) return `${count(rows.count + fresh)} of ${count(total)} match`;
  return `${count(rows.count)} found so far in ${events(total)}`;
}
