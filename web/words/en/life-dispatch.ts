import type { EventName } from '../../../protocol/events.ts';

/** Texts for events of a parcel, in dispatch's voice: the resulting status, else the action. */
export const life = {
  event: {
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
    amended: 'Amended',
    seen: 'Seen',
    proof: 'Proof',
  } satisfies Record<EventName, string>,
  reason: {
    'not-home': 'nobody home',
    refused: 'refused',
    'wrong-address': 'wrong address',
    'no-access': 'no access',
    damaged: 'damaged',
    lost: 'lost',
    other: 'other',
  },
  outcome: {
    recipient: 'to the recipient',
    'third-party': 'to a neighbour',
    'safe-place': 'left in a safe place',
    mailbox: 'in the mailbox',
    other: 'other',
  },
};
