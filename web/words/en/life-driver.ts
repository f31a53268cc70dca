import type { EventName } from '../../../protocol/events.ts';

/** Texts for events of a parcel, in the driver's voice. */
export const life = {
  event: {
    pickup: 'Order',
    claimed: 'Claimed',
    released: 'Given back',
    'in-transit': 'Picked up',
    delivered: 'Delivered',
    'attempt-failed': 'Could not deliver',
    retried: 'Trying again',
    returning: 'Return to shop',
    returned: 'Returned',
    cancelled: 'Cancelled',
    reassigned: 'Passed on',
    corrected: 'Undo',
    note: 'Note',
    amended: 'Order changed',
    seen: 'Seen',
    proof: 'Proof',
  } satisfies Record<EventName, string>,
  reason: {
    'not-home': 'Nobody home',
    refused: 'Refused',
    'wrong-address': 'Wrong address',
    'no-access': 'No way in',
    damaged: 'Damaged',
    lost: 'Lost',
    other: 'Something else',
  },
  outcome: {
    recipient: 'Recipient',
    'third-party': 'Neighbour',
    'safe-place': 'Safe place',
    mailbox: 'Mailbox',
    other: 'Other',
  },
};
