/** Texts for events of an order, in the shop's voice, without a full stop. `who` acted, or has the parcel now. */
export const life = {
  event: {
    ordered: 'Ordered',
    claimed: (who: string) => `Claimed by ${who}`,
    givenBack: (who: string) => `Given back by ${who}`,
    backOnOffer: 'Back on offer',
    pickedUp: (who: string) => `Picked up by ${who}`,
    delivered: (who: string) => `Delivered by ${who}`,
    notDelivered: (who: string) => `${who} could not deliver`,
    retried: (who: string) => `${who} tries again`,
    returning: (who: string) => `${who} brings it back`,
    returned: 'Back in the shop',
    cancelledByYou: 'You cancelled it',
    cancelled: (who: string) => `Cancelled by ${who}`,
    reassigned: (who: string) => `Given to ${who}`,
    takenBackToOffer: 'Taken back: on offer again',
    takenBack: 'The last step was taken back',
  },
  reason: {
    'not-home': 'Nobody was home.',
    refused: 'It was refused.',
    'wrong-address': 'The address is wrong.',
    'no-access': 'There was no way in.',
    damaged: 'It is damaged.',
    lost: 'It is lost.',
  },
  outcome: {
    recipient: 'To the recipient.',
    'third-party': 'To a neighbour.',
    'safe-place': 'Left in a safe place.',
    mailbox: 'In the mailbox.',
  },
};
