import type { Words } from '../en/shared.ts';
import { type ErrorTexts, translatedError } from '../errors.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

const errors: ErrorTexts = {
  'not-json': 'Das ist kein JSON.',
  'bad-message': 'An dieser Nachricht fehlt etwas oder ist etwas falsch.',
  'unknown-event': 'Ein solches Ereignis gibt es nicht.',
  'unsupported-protocol': 'Der Hub spricht diese Version des Protokolls nicht.',
  unauthorized: 'Dafür wird ein gültiger Zugangsschlüssel gebraucht.',
  'not-allowed': 'Ihre Rolle darf das nicht.',
  'unknown-parcel': 'Eine solche Sendung gibt es nicht.',
  'wrong-status': 'Der Status der Sendung lässt das nicht zu.',
  taken: 'Ein anderer Fahrer hat diese Sendung übernommen.',
  'stale-claim': 'Sie haben diese Sendung nicht mehr.',
  conflict: 'Hier steht schon etwas anderes.',
  'id-reused': 'Diese Befehlsnummer gehört schon zu einem anderen Befehl.',
  'bad-cursor': 'Diese Stelle gehört nicht zu diesem Log oder nicht zu diesem Leser.',
  'too-large': 'Diese Nachricht ist zu groß.',
  'too-fast': 'Zu viele Nachrichten; bitte warten Sie einen Moment.',
  busy: 'Der Hub ist ausgelastet; bitte versuchen Sie es gleich noch einmal.',
  unavailable: 'Das kann der Hub im Moment nicht.',
  'cannot-record': 'Der Hub kann im Moment nichts aufzeichnen.',
  'database-away': 'Die Datenbank des Hubs antwortet nicht. Bitte versuchen Sie es gleich noch einmal.',
  stopping: 'Der Hub wird angehalten; er ist bald wieder da.',
  internal: 'Im Hub ist etwas schiefgegangen.',
};

export const messages = (f: Formats): Words => ({
  pages: {
    home: 'CAPS',
    vendor: 'Shop',
    driver: 'Fahrer',
    board: 'Board',
    log: 'Log',
    scan: 'Paketetikett',
    'not-found': 'Nicht gefunden',
  },
  titleOf: (page, name) => `${page} ${name}`,

  shell: {
    skip: 'Zum Inhalt',
    brand: 'CAPS, Startseite',
    nav: 'Seiten',
    signOut: 'Abmelden',
    connectionLost: 'Die Verbindung zum Hub ist unterbrochen.',
    connectionBack: 'Die Verbindung zum Hub ist wieder da.',
    signInMissing: 'Die Anmeldung konnte nicht geladen werden. Laden Sie die Seite neu.',
    notStarted: 'Diese Seite konnte nicht geladen werden. Laden Sie sie neu, um es noch einmal zu versuchen.',
    tooOld:
      'Dieser Browser ist zu alt für diese Seite. Nötig ist iOS 15, Safari 15, Chrome 100, Firefox 102 oder ein neuerer.',
    stopped: (problem) =>
      `Diese Seite wurde durch einen Fehler angehalten (${problem}). Laden Sie sie neu: Was auf diesem Gerät gespeichert ist, wird dann gesendet.`,
    reload: 'Neu laden',
    newVersion: 'Neue Version dieser Seite.',
    refresh: 'Aktualisieren',
    partMissing: 'Das konnte nicht geladen werden',
    partMissingHint: 'Versuchen Sie es, wenn der Hub antwortet, oder laden Sie die Seite neu.',
  },

  theme: { label: 'Farbschema', system: 'System', light: 'Hell', dark: 'Dunkel' },
  language: { label: 'Sprache', system: 'System' },

  connection: {
    label: 'Verbindung',
    connecting: 'Verbinden…',
    live: 'Live',
    roundTrip: (ms) => `${f.count(ms)} ms`,
    reconnecting: 'Neu verbinden…',
    reconnectingIn: (seconds) => `Neu verbinden in ${f.count(seconds)} s`,
    tryNow: 'Jetzt versuchen',
    offline: 'Offline',
    back: 'Wieder da',
    caughtUp: (n) =>
      f.plural(n, {
        one: 'Wieder da, # Ereignis nachgeholt',
        other: 'Wieder da, # Ereignisse nachgeholt',
      }),
    signedOut: 'Nicht angemeldet',
    refused: 'Abgelehnt',
    refusedWhy: (why) =>
      `Der Hub hat diese Seite abgelehnt: ${why} Laden Sie sie neu, um es noch einmal zu versuchen.`,
    noNetwork: 'Dieses Gerät hat kein Netz.',
    noAnswer: 'Der Hub antwortet nicht.',
    halted: 'Zeichnet nicht auf',
    outage: (isUp, since) =>
      phrase`Der Hub kann seit ${since} ${isUp ? 'nichts aufzeichnen' : 'sein Log nicht lesen'}; danach geht es von selbst weiter.`,
    meanwhile: {
      vendor: 'Was Sie tun, bleibt auf dieser Seite und wird gesendet, sobald das vorbei ist.',
      driver: 'Was Sie tun, wird gesendet, sobald das vorbei ist; so lange lässt sich nichts übernehmen.',
      admin: 'Was inzwischen geschieht, erscheint, sobald das vorbei ist.',
      customer: 'Was inzwischen geschieht, erscheint, sobald das vorbei ist.',
    },
    waiting: (n) => f.plural(n, { one: '# Schritt wartet.', other: '# Schritte warten.' }),
  },

  hub: {
    noAnswer: 'Der Hub antwortet nicht. Versuchen Sie es gleich noch einmal.',
    status: (code) => `Der Hub hat mit ${code} geantwortet.`,
    unknownKey: 'Der Hub kennt diesen Schlüssel nicht.',
    unknownAddress: 'Der Hub kennt diese Adresse nicht',
    unknownAddressHint:
      'Das ist für die Person, die den Hub betreibt. Ist es erledigt, geht es hier von selbst weiter.',
  },
  error: (code, said) => translatedError(errors, code, said),

  key: {
    notValid:
      'Dieser Schlüssel ist nicht oder nicht mehr gültig. Bitten Sie die Disposition um einen neuen Link.',
  },

  name: {
    label: { store: 'Name des Shops', driver: 'Name des Fahrers' },
    change: 'Ändern',
    changeWhat: { store: 'Name des Shops', driver: 'Name des Fahrers' },
    save: 'Speichern',
    leave: 'So lassen',
    enter: 'Geben Sie einen Namen ein.',
    badSigns: (problem) => `Nur Buchstaben, Ziffern und Zeichen (${isolated(problem)}).`,
  },

  status: {
    ready: 'Bereit',
    claimed: 'Übernommen',
    'in-transit': 'Unterwegs',
    delivered: 'Zugestellt',
    failed: 'Nicht zugestellt',
    returning: 'Auf dem Rückweg',
    returned: 'Retourniert',
    cancelled: 'Storniert',
  },

  due: {
    late: (span) => `${span} zu spät`,
    toCome: (moment) => phrase`Fällig ${moment}`,
    past: (moment) => phrase`War fällig ${moment}`,
  },
  auto: {
    startsIn: (seconds) => `Beginnt in ${f.count(seconds)} s`,
    notNow: 'Nicht jetzt',
    leaveOff: (what) => `, ${what} aus lassen`,
  },
  way: {
    label: 'Wozu diese Seite dient',
    try: 'Ausprobieren',
    real: 'Produktiv arbeiten',
    again: 'Mit Beispielen ausprobieren',
  },
  copy: {
    link: 'Link kopieren',
    copied: 'Kopiert.',
    refused: 'Der Browser erlaubt es nicht; markieren Sie stattdessen den Link.',
    needsHttps: 'Mit HTTPS gäbe es hier eine Taste, die den Link kopiert.',
  },
  close: 'Schließen',
  tryAgain: 'Noch einmal',
  tooLong: (most) => `Höchstens ${f.count(most)} Zeichen.`,
  dispatch: 'Disposition',
  shop: 'Shop',
  customer: 'Kunde',
  hubName: 'Hub',

  span: {
    now: 'jetzt',
    seconds: (n) => `${f.count(n)} s`,
    minutes: (n) => `${f.count(n)} min`,
    hours: (n) => `${f.count(n)} h`,
    days: (n) => `${f.count(n)} T`,
  },
  perSecond: (n) => `${n}/s`,
  events: (n) => f.plural(n, { one: '# Ereignis', other: '# Ereignisse' }),
});
