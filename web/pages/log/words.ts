/** How records read on this page. */

import type { CapsRecord, EventName } from '../../../protocol/messages.ts';
import { count, events } from '../../numbers.ts';
import type { WindowSnapshot } from './log-window.ts';

/** Where an event brings a parcel into a status, it reads as that status; else as what was done. */
export const eventWords: Readonly<Record<EventName, string>> = {
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

const detailWords: Readonly<Record<string, string>> = {
  'not-home': 'nobody home',
  refused: 'refused',
  'wrong-address': 'wrong address',
  'no-access': 'no access',
  damaged: 'damaged',
  lost: 'lost',
  recipient: 'to the recipient',
  'third-party': 'to someone else',
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

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** `18:03:11.246` in this machine's time zone. */
export function clockText(moment: string): string {
  const time = new Date(moment);
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`;
}

/** As `clockText`; of another day than today, the day and no milliseconds: `11-20 18:03`. */
export function momentText(moment: string, now = new Date()): string {
  const time = new Date(moment);
  if (time.toDateString() === now.toDateString()) return clockText(moment);
  return `${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** How much of the log this is, as far as is known. */
export function countsText({ rows, search, older, newer, total, fresh }: WindowSnapshot): string {
  if (search.trim() === '') return events(total);
  const isWhole = older === 'none' && newer === 'none';
  if (isWhole) return `${count(rows.length + fresh)} of ${count(total)} match`;
  return `${count(rows.length)} found so far in ${events(total)}`;
}
