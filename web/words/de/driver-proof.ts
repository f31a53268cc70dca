import type { Words } from '../en/driver-proof.ts';
import { type Messages, phrase } from '../formats.ts';

export const messages: Messages<Words> = (f) => ({
  title: 'Nachweise',
  chip: { photo: 'Foto', signature: 'Unterschrift', pin: 'PIN', scan: 'Scan' },
  done: 'fertig',
  wanted: 'fehlt',
  working: 'Einen Moment…',
  remove: 'Entfernen',
  shown: { photo: 'Das Foto', signature: 'Die Unterschrift' },

  problem: {
    'no-image': 'Das ist kein Foto, das dieses Telefon lesen kann.',
    'too-large': 'Dieses Foto ist zu groß.',
    full: 'Kein Platz für weitere Fotos auf diesem Telefon. Mit Netz werden sie gesendet.',
    failed: 'Das hat nicht geklappt. Bitte noch einmal.',
  },

  signature: {
    title: 'Hier unterschreiben',
    clear: 'Löschen',
    done: 'Fertig',
    dot: 'Das ist nur ein Punkt. Bitte unterschreiben.',
  },

  pin: {
    title: 'PIN von der Seite des Kunden',
    typed: (n) => `${f.count(n)} von ${f.count(4)} Ziffern`,
    erase: 'Löschen',
    checking: 'Wird geprüft…',
    right: 'Die PIN stimmt.',
    kept: 'Gespeichert. Die PIN wird geprüft, sobald Netz da ist.',
    wrong: 'Falsche PIN. Bitte noch einmal fragen.',
    usedUp: 'Fünf PINs waren falsch. Die Disposition weiß davon und muss sich diese Sendung ansehen.',
    callShop: 'Shop anrufen',
    note: 'Notiz an die Disposition',
  },

  scan: {
    title: 'Code scannen',
    aim: 'Die Kamera auf den Code richten.',
    camera: 'Kamera',
    still: 'Foto des Codes',
    typed: 'Oder den Code tippen',
    use: 'Übernehmen',
    none: 'In diesem Foto wurde kein Code gefunden.',
    noCamera: 'Diese Seite darf die Kamera hier nicht nutzen. Den Code fotografieren oder tippen.',
    read: (code) => `Code ${code}`,
    otherLabel: (id) => `Das ist das Etikett von Auftrag ${id}.`,
    otherStore: (id, store) => `Das ist das Etikett von Auftrag ${id} von ${store}.`,
    open: (id) => `Auftrag ${id} öffnen`,
  },

  ask: {
    todo: {
      photo: 'Foto machen',
      signature: 'Unterschreiben lassen',
      pin: 'PIN eingeben',
      scan: 'Code scannen',
      receivedBy: 'Namen eingeben',
    },
    todoAll: (kinds) => `${f.list(kinds)} hinzufügen`,
    wanted: (kinds) => `Der Shop möchte: ${f.list(kinds)}.`,
    without: (kinds) => `Ohne ${f.list(kinds)}`,
  },

  images: {
    waiting: (n) => f.plural(n, { one: '# Foto wartet auf Netz', other: '# Fotos warten auf Netz' }),
    sending: (n) => f.plural(n, { one: '# Foto wird gesendet', other: '# Fotos werden gesendet' }),
    hubFull: (n) =>
      f.plural(n, {
        one: 'Der Hub hat keinen Platz für Fotos: # Foto wartet hier.',
        other: 'Der Hub hat keinen Platz für Fotos: # Fotos warten hier.',
      }),
    notTaken: (id, why) => `Der Hub hat ein Foto von Auftrag ${id} nicht angenommen: ${why}`,
  },

  copy: {
    copy: 'Kopieren',
    copied: 'Kopiert',
    notCopied: 'Nicht kopiert',
    addressCopied: 'Die Adresse wurde kopiert.',
    addressNotCopied: 'Die Adresse wurde nicht kopiert.',
  },

  distance: {
    show: 'Entfernungen zeigen',
    straight: 'Luftlinie',
    none: 'Dieses Telefon sagt nicht, wo es ist.',
  },

  limits: {
    atRisk: 'Auf diesem Gerät nicht gespeichert: Lassen Sie diese Seite offen, bis es gesendet ist.',
    keepsNothing:
      'Dieser Browser behält nichts für später: Lassen Sie die Seite offen, bis alles gesendet ist, was Sie getan haben.',
    needsHttps:
      'Was Sie ohne Netz tun, wird gespeichert. Mit HTTPS ließe sich die Seite auch ohne Netz öffnen, der Bildschirm bliebe an und Adressen ließen sich kopieren.',
  },

  duty: {
    backOn: 'Zurück in den Dienst',
    carried:
      'Sie sind nicht im Dienst und haben noch Sendungen. Stellen Sie zu, was Sie dabeihaben, oder bringen Sie es zurück zum Shop.',
    claimed:
      'Sie sind nicht im Dienst und haben noch Sendungen. Holen Sie sie ab und stellen Sie sie zu, oder geben Sie sie frei.',
    both: 'Sie sind nicht im Dienst und haben noch Sendungen. Stellen Sie zu, was Sie dabeihaben, oder bringen Sie es zurück zum Shop. Geben Sie frei, was Sie nicht abgeholt haben.',
  },

  shift: {
    title: 'Ihr Dienst',
    since: (moment) => phrase`seit ${moment}`,
    delivered: 'Zugestellt',
    failed: 'Nicht zugestellt',
    returned: 'Zurückgebracht',
    inHand: 'Noch bei Ihnen',
  },

  notes: {
    none: 'Noch keine Notizen.',
    new: 'Neue Notiz',
    send: 'Senden',
    urgent: 'Die Disposition muss das sehen',
    sendOf: (id) => `Notiz zu Auftrag ${id}`,
  },

  changed: {
    was: 'vorher',
    now: 'jetzt',
    removed: 'Entfernt',
    seen: 'Gesehen',
  },
});
