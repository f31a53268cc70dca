import type { life as english } from '../en/life-customer.ts';

export const life: typeof english = {
  reason: {
    'not-home': 'Es war niemand da.',
    refused: 'Die Annahme wurde verweigert.',
    'wrong-address': 'Die Adresse stimmte nicht.',
    'no-access': 'Es gab keinen Zugang.',
    damaged: 'Die Sendung wurde unterwegs beschädigt.',
    lost: 'Die Sendung ging unterwegs verloren.',
    other: 'Es kam etwas dazwischen.',
  },
};
