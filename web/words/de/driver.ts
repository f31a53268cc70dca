import type { Words } from '../en/driver.ts';
import { type Formats, phrase } from '../formats.ts';
import { life } from './life-driver.ts';

export const messages = (f: Formats): Words => ({
  ...life,

  ofOrder: (id) => `Auftrag ${id}`,
  undo: 'Rückgängig',
  ok: 'OK',
  back: 'Zurück',
  scan: 'Scan',
  sending: 'Wird gesendet…',
  waiting: 'Warten auf den Hub…',
  way: 'Mit automatischer Zustellung ausprobieren oder produktiv arbeiten?',
  autoDeliver: 'Automatisch zustellen',
  ring: 'Bei neuen Angeboten klingeln',

  duty: {
    on: 'Im Dienst',
    goOn: 'Dienst beginnen',
    off: 'Sie sind nicht im Dienst.',
    offHint: 'Die Angebote warten auf alle, die im Dienst sind.',
  },

  notBefore: (moment) => phrase`Nicht vor ${moment}`,

  saved: {
    list: 'Gespeichert',
    saved: 'Gespeichert, wird gesendet',
    memory: 'Wird gesendet',
    notSaved: 'Nicht gespeichert, wird gesendet',
  },

  offers: {
    title: 'Angebote',
    none: 'Keine Angebote.',
    willRing: 'Sie sind im Dienst; diese Seite klingelt.',
    willCome: 'Sie sind im Dienst; ein neues Angebot erscheint hier von selbst.',
    sooner: (n) => f.plural(n, { one: '# ist früher fällig', other: '# sind früher fällig' }),
    more: (n) => f.plural(n, { one: '# weiteres dahinter.', other: '# weitere dahinter.' }),
    later: (n) => f.plural(n, { one: '# für später', other: '# für später' }),
    showMore: 'Mehr zeigen',
    claim: 'Übernehmen',
    needsNetwork: 'braucht Netz',
    yours: 'Ihres',
    taken: 'Vergeben',
    takenBy: (name) => `${name} war schneller.`,
    gone: 'Nicht mehr im Angebot.',
    goneOf: (id) => `Auftrag ${id} ist nicht mehr im Angebot.`,
    nextBelow: 'Das nächste steht darunter.',
    count: (n) => f.plural(n, { one: '# Angebot.', other: '# Angebote.' }),
  },

  hand: {
    title: 'Bei mir',
    none: 'Nichts bei Ihnen.',
    autoClaims: 'Das nächste Angebot wird automatisch übernommen.',
    claimOne: 'Übernehmen Sie ein Angebot, dann steht es hier.',
    backTo: (store) => phrase`Zurück zu ${store}`,
    attempts: (n) => f.plural(n, { one: '# erfolgloser Versuch', other: '# erfolglose Versuche' }),
    deliversIn: (seconds) => `Stellt in ${f.count(seconds)} s von selbst zu`,
    picksUpIn: (seconds) => `Holt in ${f.count(seconds)} s von selbst ab`,
    newsOf: (id, text) => `Auftrag ${id}. ${text}`,
  },
  stops: {
    doNext: 'Als Nächstes',
    later: 'Später',
    collectAt: (shop) => phrase`Abholen bei ${shop}`,
    pickedUpAll: (n) => `Alle ${f.count(n)} abgeholt`,
    undoAll: (n) => `Alle ${f.count(n)} rückgängig`,
    at: (shop) => `bei ${shop}`,
    need: { claimed: 'Abholen', 'in-transit': 'Zustellen' },
  },

  news: {
    cancelled: 'Der Shop hat storniert.',
    cancelledByDispatch: 'Die Disposition hat storniert.',
    ready: 'Wieder im Angebot.',
    returned: 'Wieder beim Shop.',
    givenTo: (name) => `Die Disposition hat es ${name} gegeben.`,
    gone: 'Nicht mehr bei Ihnen.',
  },

  changed: {
    title: 'Auftrag geändert',
    field: {
      customer: 'Kunde',
      address: 'Adresse',
      phone: 'Telefon',
      email: 'E-Mail',
      note: 'Notiz',
      notBefore: 'Nicht vor',
      dueAt: 'Fällig',
    },
    said: (id, fields) => `Auftrag ${id} wurde geändert: ${f.list(fields)}.`,
  },

  step: {
    pickedUp: 'Abgeholt',
    release: 'Freigeben',
    delivered: 'Zugestellt',
    notDelivered: 'Nicht zustellbar',
    returnToShop: 'Zurück zum Shop',
    returned: 'Zurückgegeben',
    whyNot: 'Warum konnte nicht zugestellt werden?',
    whoHasIt: 'Wer es hat',
    receivedBy: 'Angenommen von (optional)',
    receivedByWanted: 'Angenommen von',
    nameMissing: 'Bitte einen Namen eingeben.',
  },
  done: {
    claimed: 'Übernommen.',
    'in-transit': 'Abgeholt.',
    delivered: 'Zugestellt.',
    released: 'Freigegeben.',
    'attempt-failed': 'Nicht zugestellt.',
    retried: 'Neuer Versuch.',
    returning: 'Auf dem Rückweg zum Shop.',
    returned: 'Wieder beim Shop.',
  },
  doneWith: (done, said) => `${done} ${said}.`,
  receivedBy: (who, name) => `${who}, ${name}`,

  proof: {
    kind: { photo: 'Foto', signature: 'Unterschrift', pin: 'PIN', scan: 'Scan', receivedBy: 'Name' },
    together: (kinds) => `mit ${f.list(kinds)}`,
    pinWasWrong: 'Die PIN war falsch.',
    pinsUsedUp: 'Fünf PINs waren falsch. Die Disposition muss sich diese Sendung ansehen.',
    notLoaded: 'Fotos und Unterschriften gehen erst wieder mit Netz.',
  },

  tools: {
    maps: 'Karte',
    call: 'Anruf',
  },
  notes: {
    title: 'Notizen',
    counted: (n) => `Notizen (${f.count(n)})`,
    forDispatch: 'für die Disposition',
    seen: '✓ Von der Disposition gesehen',
    unseen: 'Noch nicht von der Disposition gesehen',
    you: 'Sie',
  },

  refused: {
    title: 'Nicht aufgezeichnet',
    settled: (status) => `Das war schon entschieden: ${status}.`,
    tooLate: 'Dafür war es zu spät.',
    notYours: 'Das Paket war nicht mehr bei Ihnen.',
    said: 'Etwas, das Sie getan haben, wurde nicht aufgezeichnet.',
  },
});
