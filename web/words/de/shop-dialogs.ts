import type { Words } from '../en/shop-dialogs.ts';
import { type Formats, phrase } from '../formats.ts';
import { life } from './life-shop.ts';

export const messages = (f: Formats): Words => ({
  life,
  dispatch: { by: 'der Disposition', does: 'Die Disposition' },
  receivedBy: (who) => `Angenommen von ${who}.`,

  more: {
    day: 'Aufträge eines Tages',
    labelsOf: (n) => f.plural(n, { one: 'Etikett für # Auftrag', other: 'Etiketten für # Aufträge' }),
    repeats: 'Wiederkehrende Aufträge',
    exportCsv: 'CSV exportieren',
    exporting: 'Wird vorbereitet…',
  },

  order: {
    unknown: 'Diesen Auftrag gibt es in diesem Laden nicht.',
    label: 'Etikett drucken',
    life: 'Verlauf des Auftrags',
    happened: 'Verlauf',
    asking: 'Der Hub wird gefragt…',
    notes: 'Notizen',
    noNotes: 'Noch keine Notizen. Fahrer und Disposition lesen, was Sie schreiben.',
    newNote: 'Neue Notiz',
    noNote: 'Schreiben Sie, was der Fahrer wissen soll.',
    send: 'Senden',
    sending: 'Wird gesendet…',
    retry: 'Erneut senden',
  },

  amend: {
    copy: 'In einen neuen Auftrag kopieren',
    byDispatch: (who) =>
      phrase`${who} hat ihn abgeholt. Die Disposition kann den Auftrag noch ändern; eine Notiz unten erreicht beide.`,
  },
  changes: {
    field: {
      customer: 'Kunde',
      address: 'Adresse',
      notBefore: 'Nicht vor',
      dueAt: 'Fällig',
      phone: 'Telefon',
      email: 'E-Mail',
      note: 'Notiz',
    },
    replaced: (field, was, is) => phrase`${field}: ${was} → ${is}`,
    added: (field, is) => phrase`${field}, neu: ${is}`,
    removed: (field, was) => phrase`${field}, entfernt: ${was}`,
  },

  tracking: {
    title: (id) => phrase`Sendungsverfolgung für ${id}`,
    asking: 'Der Hub wird danach gefragt…',
    forCustomer: 'Für den Kunden: wo sein Auftrag gerade ist, live, und sonst nichts.',
    code: 'QR-Code, der die Sendungsverfolgung öffnet',
  },

  left: {
    label: 'Probeaufträge',
    open: (n) =>
      f.plural(n, { one: '# Probeauftrag ist noch offen.', other: '# Probeaufträge sind noch offen.' }),
    cancel: 'Stornieren',
    leave: 'So lassen',
    cancelled: (n) =>
      f.plural(n, { one: '# Probeauftrag ist storniert.', other: '# Probeaufträge sind storniert.' }),
    undo: 'Rückgängig',
  },

  details: {
    title: 'Angaben zum Shop',
    optional: 'Alle Angaben sind freiwillig.',
    seen: { title: 'Für Ihre Kunden', hint: 'Sie sehen das in der Sendungsverfolgung.' },
    times: {
      title: 'Zeiten Ihrer Aufträge',
      hint: 'Nach welcher Uhr Sie Zeiten lesen und schreiben und wie früh Fahrer einen Auftrag für später sehen.',
    },
    field: {
      name: 'Name des Shops',
      phone: 'Telefon',
      email: 'E-Mail',
      address: 'Adresse',
      hours: 'Öffnungszeiten',
      told: 'Was Kunden gesagt wird',
      timeZone: 'Zeitzone des Geschäfts',
      leadMinutes: 'Minuten vor „Nicht vor“, ab denen Fahrer einen Auftrag sehen',
    },
    hours: 'Mo–Sa 9–18 Uhr',
    told: 'Wir klingeln zweimal.',
    save: 'Speichern',
    saving: 'Wird gespeichert…',
    samples: 'Dann kommen Beispielaufträge von selbst, zwischen Ihren eigenen.',
    badPhone: 'Schreiben Sie eine Telefonnummer: Ziffern, Leerzeichen und ein + vor der Landesvorwahl.',
    badZone: 'Schreiben Sie eine Zeitzone, etwa Europe/Berlin.',
    badLead: 'Schreiben Sie ganze Minuten, höchstens eine Woche (10080).',
    badEmail: 'Schreiben Sie eine E-Mail-Adresse, etwa zoe@flowers.example.',
    proof: {
      title: 'Nachweis der Zustellung',
      hint: 'Wonach Fahrer an der Tür gefragt werden.',
      more: 'Auch bei der Abholung und bei der Rückgabe',
      step: { collection: 'Bei der Abholung', return: 'Bei der Rückgabe' },
      kind: {
        photo: 'Foto',
        receivedBy: 'Wer sie annahm',
        signature: 'Unterschrift',
        pin: 'PIN des Kunden',
        scan: 'Gescannter Code',
      },
      wish: { off: 'Aus', offered: 'Angeboten', warned: 'Mit Hinweis', required: 'Verlangt' },
      effect: {
        off: 'Niemand wird danach gefragt.',
        offered: 'Der Fahrer kann es hinzufügen.',
        warned: 'Der Fahrer wird noch einmal gefragt, wenn es fehlt.',
        required: 'Der Fahrer kann den Schritt ohne es nicht abschließen.',
      },
      pin: 'Ihr Kunde findet die Zahl auf seiner Seite.',
    },
  },
});
