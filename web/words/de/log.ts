import type { Words } from '../en/log.ts';
import { type Formats, phrase } from '../formats.ts';
import { life } from './life-dispatch.ts';

export const messages = (f: Formats): Words => ({
  life,
  detail: {
    takesBack: (step) => `nimmt „${step}“ zurück`,
    takesBackStep: 'nimmt einen Schritt zurück',
    to: (driver) => `an ${driver}`,
    receivedBy: (name) => `angenommen von ${name}`,
    urgent: 'dringend',
    proof: { right: 'PIN richtig', wrong: 'PIN falsch', photo: 'Foto', signature: 'Unterschrift' },
    removed: (field) => `ohne ${field}`,
    text: (text) => text,
  },
  listed: (facts) => facts.join(', '),
  asSentence: (text) => `${text}.`,
  row: {
    open: (event, order) => `${event}, Details zu ${order}`,
    comma: ', ',
    missing: (seq) => `#${f.count(seq)} …`,
    damaged: (seq) =>
      `#${f.count(seq)} Die Platte des Hubs hat dieses Ereignis beschädigt; es lässt sich nicht mehr lesen.`,
  },
  roles: {
    admin: 'Disposition',
    vendor: 'Shop',
    driver: 'Fahrer',
    customer: 'Kunde',
    plain: 'Einfacher Client',
  },

  help: 'Tasten und Suche',
  accessKeys: 'Zugangsschlüssel',
  replaced:
    'Der Hub hat jetzt ein anderes Log, etwa aus einer Sicherung. Was vorher hier stand, wurde entfernt.',
  understood: 'Verstanden',

  counts: {
    ofEvents: (n, total) =>
      f.plural(total, { one: `${f.count(n)} von # Ereignis`, other: `${f.count(n)} von # Ereignissen` }),
    searching: (total) =>
      f.plural(total, {
        one: '# Ereignis wird durchsucht…',
        other: '# Ereignisse werden durchsucht…',
      }),
    match: (n, total) =>
      f.plural(n, { one: `# von ${f.count(total)} passt`, other: `# von ${f.count(total)} passen` }),
    soFar: (n, total) =>
      f.plural(total, {
        one: `Bisher ${f.count(n)} Treffer in # Ereignis`,
        other: `Bisher ${f.count(n)} Treffer in # Ereignissen`,
      }),
  },
  range: {
    since: (moment) => `ab ${moment}`,
    until: (moment) => `bis ${moment}`,
  },

  search: {
    label: 'Ereignisse durchsuchen',
    example: 'Wörter, store:red, driver:ana, -event:note',
    pause: 'Pause',
    resume: 'Fortsetzen',
    space: 'Leertaste',
    filters: 'Filter',
    clear: 'Filter aufheben',
    chips: 'Gesetzte und mögliche Filter',
    only: (event) => `Nur „${event}“; mit Alt alles außer „${event}“`,
    not: 'ohne',
    remove: (term) => `${term} entfernen`,
  },

  list: {
    label: 'Ereignisse',
    olderFailed: 'Ältere Ereignisse konnten nicht geladen werden. Noch einmal versuchen',
    newerFailed: 'Neuere Ereignisse konnten nicht geladen werden. Noch einmal versuchen',
    rangeBegins: 'Hier beginnt die gewählte Zeit',
    logBegins: 'Hier beginnt das Log',
    nothingOlder: 'Nichts Älteres passt',
    ofParcels: 'Offen oder verspätet sind Aufträge, nicht Ereignisse.',
    ofParcelsHint: <T>(board: T) => phrase`Die Seite ${board} zeigt die Aufträge, die es jetzt sind.`,
    loadingOlder: 'Ältere Ereignisse werden geladen…',
    loadingNewer: 'Neuere Ereignisse werden geladen…',
    loading: 'Ereignisse werden geladen…',
    searching: 'Suche läuft…',
    nothingYet: 'Noch ist nichts geschehen.',
    nothingYetHint: (store, driver) =>
      phrase`Öffnen Sie ${store} und ${driver}: Jedes Ereignis erscheint hier in dem Moment, in dem es geschieht.`,
    aStore: 'einen Shop',
    aDriver: 'einen Fahrer',
    nothingInTime: 'In dieser Zeit ist nichts geschehen.',
    fresh: (n) =>
      f.plural(n, {
        one: 'Seit der Pause ist # dazugekommen.',
        other: 'Seit der Pause sind # dazugekommen.',
      }),
  },

  strip: {
    following: 'Läuft mit',
    waiting: 'Wartet auf den Hub',
    paused: 'Pausiert',
    pausedAt: (time) => `Pausiert um ${time}`,
    inContext: 'Im Kontext',
    fresh: (n) => `${f.count(n)} neu ↓`,
    newest: 'Neueste ↓',
  },
  announced: { paused: 'Pausiert.', following: 'Läuft wieder mit.' },

  chart: {
    rate: (now, peak) => `jetzt ${now}, Spitze ${peak}`,
    label: (seconds, rate, totals) =>
      `Ereignisse pro Sekunde in den letzten ${f.count(seconds)} Sekunden: ${rate}. Insgesamt: ${totals}. Ziehen wählt eine Zeit; mit der Tastatur unter Filter.`,
    total: (kind, n) => `${kind} ${f.count(n)}`,
    kinds: {
      ready: 'bereit',
      claimed: 'übernommen',
      'in-transit': 'unterwegs',
      delivered: 'zugestellt',
      failed: 'nicht zugestellt',
      other: 'andere',
    },
    held: 'Steht während der Pause',
    lost: 'Keine Verbindung',
    noEvent: 'Noch kein Ereignis',
    lastNow: 'Letztes Ereignis gerade eben',
    last: (span) => `Letztes Ereignis vor ${span}`,
  },

  found: {
    noLaterFailure: 'Kein späterer Fehlversuch.',
    noEarlierFailure: 'Kein früherer Fehlversuch.',
    noLaterOfParcel: 'Kein späteres Ereignis dieser Sendung.',
    noEarlierOfParcel: 'Kein früheres Ereignis dieser Sendung.',
    selectFirst: 'Wählen Sie zuerst ein Ereignis, mit j oder k.',
    wentWrong: 'Etwas ist schiefgegangen.',
  },
  copy: {
    json: 'JSON kopieren',
    done: 'Kopiert',
    byHand: (what) => `${what}: Drücken Sie Strg+C. Über HTTPS genügt ein Klick.`,
  },

  parcel: {
    label: 'Details der Sendung',
    customer: 'Kunde',
    address: 'Adresse',
    store: 'Shop',
    driver: 'Fahrer',
    order: 'Auftrag',
    attempts: 'Fehlversuche',
    notBefore: 'Nicht vor',
    due: 'Fällig',
    phone: 'Telefon',
    email: 'E-Mail',
    note: 'Notiz',
    only: 'Nur diese zeigen',
    allBut: 'Alle außer diesen zeigen',
    exclude: 'ausschließen',
    excludeWhat: (value) => `${value} ausschließen`,
    life: 'Verlauf der Sendung',
    allEvents: (n) => f.plural(n, { one: '# Ereignis zeigen', other: 'Alle # Ereignisse zeigen' }),
    urgent: (by) => `Dringende Notiz von ${by}`,
    pins: (by) => `Fünf PINs von ${by} waren falsch`,
    pinsHint: 'Fragen Sie nach, wer an der Tür steht. Haben Sie das gesehen, gibt es fünf weitere Versuche.',
    seen: 'Gesehen',
    seenDone: 'Als gesehen vermerkt.',
    unseen: (driver) => `${driver} hat die Änderung des Auftrags noch nicht bestätigt.`,
    doneAt: (moment) => `geschehen ${moment}, später gesendet`,
  },
  outcome: {
    sending: 'Wird gesendet…',
    undo: 'Rückgängig',
    retry: 'Noch einmal',
    takenBack: 'Zurückgenommen.',
  },

  urgent: {
    note: (by, order, text) => `Dringende Notiz von ${by} zu ${order}: ${text}`,
    pins: (by, order) => `Fünf PINs von ${by} waren falsch, bei ${order}.`,
    open: 'Paket öffnen',
    more: (n) => f.plural(n, { one: '(und # weitere)', other: '(und # weitere)' }),
  },

  side: {
    connected: 'Verbunden',
    asOfLoss: 'Stand, als die Verbindung abriss.',
    more: (n) => f.plural(n, { one: 'und # weiterer', other: 'und # weitere' }),
    duty: { on: 'im Dienst', off: 'nicht im Dienst' },
    lagging: 'hängt nach',
    device: 'Fahrzeug',
    deviceIs: { RUNNING: 'fährt', RESTING: 'steht' },
    deviceFacts: (status, percent, position) => phrase`${status} · ${percent} % · ${position}`,
    facts: (door, since, seen) => phrase`${door} · seit ${since} · zuletzt gesehen: ${seen}`,
    notices: 'Meldungen',
    clear: 'Leeren',
    clearNotices: 'Meldungen leeren',
    noNotices: 'Nichts abgelehnt, keine Störung.',
    kinds: {
      refused: 'Abgelehnt',
      fault: 'Störung',
      hub: 'Hub',
      relayed: 'Weitergegeben',
    },
  },
});
