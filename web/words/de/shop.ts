import type { Words } from '../en/shop.ts';
import { type Formats, phrase } from '../formats.ts';

const order = (id: string, customer: string) => `Auftrag ${id} für ${customer}`;

export const messages = (f: Formats): Words => ({
  way: 'Mit Beispielaufträgen ausprobieren oder produktiv arbeiten?',
  simulator: 'Simulator',
  auto: 'Auto-Aufträge',
  every: {
    label: 'Takt (s)',
    number: 'Geben Sie eine Zahl von Sekunden ein.',
    least: (seconds) => `Mindestens ${f.tenths(seconds)} Sekunden.`,
    most: 'Höchstens ein Tag.',
  },

  form: {
    title: 'Neuer Auftrag',
    more: 'Termin, Telefon, Notiz',
    given: (n) => `${f.count(n)} ausgefüllt`,
    send: 'Auftrag senden',
    repeat: 'Wiederholen…',
    sample: 'Beispiel einsetzen',
    sampleMissing: 'Das Beispiel konnte nicht geladen werden. Versuchen Sie es noch einmal.',
    replaced: 'Die Kopie hat ersetzt, was Sie eingegeben hatten.',
    putBack: 'Zurückholen',
    pasted: 'Eingefügte Zeilen',
  },

  orders: 'Aufträge',
  newest: (n) => f.plural(n, { one: 'der neueste', other: 'die neuesten #' }),
  newOrders: (n) => f.plural(n, { one: '# neuer Auftrag', other: '# neue Aufträge' }),
  byStatus: 'Aufträge nach Status',
  late: 'Verspätet',
  search: { label: 'Aufträge suchen', hint: 'Name oder Adresse' },
  importCsv: 'Importieren',
  importing: (done, total) => `${f.count(done)} von ${f.count(total)} importiert…`,
  importMissing:
    'Der Import konnte nicht geladen werden. Versuchen Sie es, wenn der Hub antwortet, oder laden Sie die Seite neu.',
  more: 'Mehr',
  match: (n, total) => `${f.count(n)} von ${f.count(total)} gefunden.`,
  clear: 'Filter zurücksetzen',
  urgent: 'Braucht Aufmerksamkeit',
  later: 'Für später',
  forLater: (n) => f.plural(n, { one: '# Auftrag für später', other: '# Aufträge für später' }),
  rest: 'Alle anderen Aufträge',

  list: {
    loading: 'Die Aufträge werden geladen…',
    loadingOlder: 'Ältere Aufträge werden geladen…',
    stillComing: 'Ältere Aufträge werden noch geladen.',
    missing: 'Die früheren Aufträge konnten nicht geladen werden.',
    keeps: (n) =>
      f.plural(n, {
        one: 'Diese Seite behält den neuesten Auftrag; ältere stehen im Log.',
        other: 'Diese Seite behält die neuesten #; ältere stehen im Log.',
      }),
    empty: 'Noch keine Aufträge.',
    emptyHint: 'Senden Sie einen mit dem Formular, oder importieren Sie eine Datei.',
    emptyHintTrying:
      'Senden Sie einen mit dem Formular, importieren Sie eine Datei, oder lassen Sie Auto-Aufträge welche erzeugen.',
    samples: (n) => f.plural(n, { one: '# Beispiel senden', other: '# Beispiele senden' }),
    samplesMissing: 'Die Beispiele konnten nicht geladen werden. Versuchen Sie es noch einmal.',
  },

  row: {
    amending: 'Änderungen bewahrt, noch nicht gespeichert',
    sending: 'Wird gesendet…',
    notSent: 'Nicht gesendet',
    details: (id, customer) => `${customer} · ${id}, Einzelheiten zum Auftrag`,
    retry: 'Erneut senden',
    dismiss: 'Verwerfen',
    track: 'Link',
    undo: 'Rückgängig',
    ok: 'OK',
    returned: 'Wieder bei uns',
    cancel: 'Stornieren',
    from: (moment) => phrase`Ab ${moment}`,
    unseen: (who) => `${who} hat die Änderung noch nicht gesehen`,
  },
  rowOf: {
    retry: (id, customer) => `Erneut senden: ${order(id, customer)}`,
    dismiss: (id, customer) => `Verwerfen: ${order(id, customer)}`,
    track: (id, customer) => `Link: ${order(id, customer)}`,
    undo: (id, customer) => `Rückgängig: ${order(id, customer)}`,
    ok: (id, customer) => `OK: ${order(id, customer)}`,
    returned: (id, customer) => `Wieder bei uns: ${order(id, customer)}`,
    cancel: (id, customer) => `Stornieren: ${order(id, customer)}`,
    leave: (id, customer) => `So lassen: Auftrag ${id} für ${customer}`,
  },
  people: { you: 'Sie', customer: 'Kunde', hub: 'Hub' },

  thanks: {
    title: 'Danke',
    newestFirst: 'Dankesworte, die neuesten zuerst',
    thanked: (id) => `Danke für die Zustellung von ${id}`,
    earlier: 'Frühere zeigen',
    latest: (n) => f.plural(n, { one: 'Zu sehen ist das letzte.', other: 'Zu sehen sind die letzten #.' }),
    none: 'Noch niemandem zu danken.',
    noneHint: 'Für jede Zustellung steht hier ein Danke, auch wenn diese Seite gerade geschlossen war.',
    next: 'Für die nächste Zustellung steht hier ein Danke.',
    before: (n) =>
      f.plural(n, {
        one: '# Auftrag wurde schon vorher zugestellt.',
        other: '# Aufträge wurden schon vorher zugestellt.',
      }),
    nothingNew: 'Seit Ihrem letzten Blick wurde nichts zugestellt.',
    nothingNewHint: (n) =>
      f.plural(n, {
        one: '# Auftrag wurde schon vorher zugestellt. Für den nächsten steht hier ein Danke.',
        other: '# Aufträge wurden schon vorher zugestellt. Für den nächsten steht hier ein Danke.',
      }),
  },
  delivered: (customer, id) => `${customer} · ${id} wurde zugestellt.`,
  deliveredMany: (n) =>
    f.plural(n, { one: '# Auftrag wurde zugestellt.', other: '# Aufträge wurden zugestellt.' }),
  renumbered: (customer, id, before) =>
    `Der Auftrag für ${customer} hat jetzt die Nummer ${id}: ${before} war schon vergeben.`,
  renumberedMany: (n) =>
    f.plural(n, {
      one: '# Auftrag hat eine andere Nummer bekommen.',
      other: '# Aufträge haben andere Nummern bekommen.',
    }),

  details: 'Angaben zum Shop',
});
