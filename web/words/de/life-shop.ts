import type { life as english } from '../en/life-shop.ts';

export const life: typeof english = {
  event: {
    ordered: 'Bestellt',
    claimed: (who) => `Übernommen von ${who}`,
    givenBack: (who) => `Zurückgelegt von ${who}`,
    backOnOffer: 'Wieder im Angebot',
    pickedUp: (who) => `Abgeholt von ${who}`,
    delivered: (who) => `Zugestellt von ${who}`,
    notDelivered: (who) => `${who} konnte nicht zustellen`,
    retried: (who) => `${who} versucht es noch einmal`,
    returning: (who) => `${who} bringt es zurück`,
    returned: 'Wieder im Shop',
    cancelledByYou: 'Von Ihnen storniert',
    cancelled: (who) => `Storniert von ${who}`,
    reassigned: (who) => `Übergeben an ${who}`,
    takenBackToOffer: 'Zurückgenommen: wieder im Angebot',
    takenBack: 'Der letzte Schritt wurde zurückgenommen',
    amendedByYou: 'Von Ihnen geändert',
    amended: (who) => `Geändert von ${who}`,
    seen: (who) => `${who} hat die Änderung gesehen`,
    proof: 'Nachweis hinzugefügt',
  },
  reason: {
    'not-home': 'Niemand war da.',
    refused: 'Die Annahme wurde verweigert.',
    'wrong-address': 'Die Adresse ist falsch.',
    'no-access': 'Es gab keinen Zugang.',
    damaged: 'Es ist beschädigt.',
    lost: 'Es ist verloren gegangen.',
  },
  outcome: {
    recipient: 'An den Empfänger.',
    'third-party': 'An einen Nachbarn.',
    'safe-place': 'Am Abstellort.',
    mailbox: 'Im Briefkasten.',
  },
};
