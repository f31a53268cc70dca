import type { life as english } from '../en/life-driver.ts';

export const life: typeof english = {
  event: {
    pickup: 'Auftrag',
    claimed: 'Übernommen',
    released: 'Zurückgelegt',
    'in-transit': 'Abgeholt',
    delivered: 'Zugestellt',
    'attempt-failed': 'Nicht zustellbar',
    retried: 'Neuer Versuch',
    returning: 'Zurück zum Shop',
    returned: 'Zurückgegeben',
    cancelled: 'Storniert',
    reassigned: 'Weitergegeben',
    corrected: 'Rückgängig',
    note: 'Notiz',
    amended: 'Auftrag geändert',
    seen: 'Gesehen',
    proof: 'Nachweis',
  },
  reason: {
    'not-home': 'Niemand da',
    refused: 'Annahme verweigert',
    'wrong-address': 'Falsche Adresse',
    'no-access': 'Kein Zugang',
    damaged: 'Beschädigt',
    lost: 'Verloren',
    other: 'Etwas anderes',
  },
  outcome: {
    recipient: 'Empfänger',
    'third-party': 'Nachbar',
    'safe-place': 'Abstellort',
    mailbox: 'Briefkasten',
    other: 'Anderes',
  },
};
