/** Why an order could not be delivered, as its customer reads it. */
export const life = {
  reason: {
    'not-home': 'Nobody was home.',
    refused: 'It was not accepted at the door.',
    'wrong-address': 'The address was not right.',
    'no-access': 'There was no way in.',
    damaged: 'It was damaged on the way.',
    lost: 'It was lost on the way.',
    other: 'Something came in between.',
  },
};
