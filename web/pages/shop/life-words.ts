/** What happened to an order, as a shop would say it. */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { nameOf } from './orders.ts';

const reasons: Readonly<Record<string, string>> = {
  'not-home': 'Nobody was home.',
  refused: 'It was refused.',
  'wrong-address': 'The address is wrong.',
  'no-access': 'There was no way in.',
  damaged: 'It is damaged.',
  lost: 'It is lost.',
  recipient: 'To the recipient.',
  'third-party': 'To a neighbour.',
  'safe-place': 'Left in a safe place.',
  mailbox: 'In the mailbox.',
};

/** One sentence; undefined for a note, which says itself what it says. */
export function lifeSentence({ event, by, details, status }: CapsRecord): string | undefined {
  const who = nameOf(by);
  const whom = String(details?.['name'] ?? details?.['driver'] ?? who);
  switch (event) {
    case 'pickup':
      return 'Ordered';
    case 'claimed':
      return `Claimed by ${whom}`;
    case 'released':
      return by.role === 'driver' ? `Given back by ${who}` : 'Back on offer';
    case 'in-transit':
      return `Picked up by ${who}`;
    case 'delivered':
      return `Delivered by ${who}`;
    case 'attempt-failed':
      return `${who} could not deliver`;
    case 'retried':
      return `${who} tries again`;
    case 'returning':
      return `${who} brings it back`;
    case 'returned':
      return 'Back in the shop';
    case 'cancelled':
      return by.role === 'vendor' ? 'You cancelled it' : `Cancelled by ${who}`;
    case 'reassigned':
      return `Given to ${whom}`;
    case 'corrected':
      return status === 'ready' ? 'Taken back: on offer again' : 'The last step was taken back';
    case 'note':
      return undefined;
  }
}

/** What was said with it; empty where nothing was. */
export function lifeDetail({ details = {} }: CapsRecord): string {
  const words = ['reason', 'outcome'].flatMap((name) => {
    const value = details[name];
    return typeof value === 'string' && value !== 'other' ? [reasons[value] ?? value] : [];
  });
  const { text, receivedBy } = details;
  if (typeof text === 'string') words.push(text);
  if (typeof receivedBy === 'string') words.push(`Received by ${receivedBy}.`);
  return words.join(' ');
}
