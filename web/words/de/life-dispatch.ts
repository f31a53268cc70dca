import type { life as english } from '../en/life-dispatch.ts';

export const life: typeof english = {
  event: {
    pickup: 'Bereit',
    claimed: 'Übernommen',
    released: 'Freigegeben',
    'in-transit': 'Unterwegs',
    delivered: 'Zugestellt',
    'attempt-failed': 'Nicht zugestellt',
    retried: 'Neuer Versuch',
    returning: 'Auf dem Rückweg',
    returned: 'Zurückgegeben',
    cancelled: 'Storniert',
    reassigned: 'Umverteilt',
    corrected: 'Korrigiert',
    note: 'Notiz',
    amended: 'Geändert',
    seen: 'Gesehen',
    proof: 'Nachweis',
  },
  reason: {
    'not-home': 'niemand da',
    refused: 'Annahme verweigert',
    'wrong-address': 'falsche Adresse',
    'no-access': 'kein Zugang',
    damaged: 'beschädigt',
    lost: 'verloren',
    other: 'anderes',
  },
  outcome: {
    recipient: 'an den Empfänger',
    'third-party': 'an einen Nachbarn',
    'safe-place': 'am Abstellort',
    mailbox: 'im Briefkasten',
    other: 'anderes',
  },
};
