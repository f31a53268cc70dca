import type { Words } from '../en/board.ts';
import { type Formats, phrase } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  needsYou: 'Braucht dich',
  concern: {
    urgent: 'Dringende Notiz',
    failed: 'Gescheitert',
    unclaimed: (span) => `Ohne Fahrer seit ${span}`,
    unseen: (span) => `Änderung ungelesen seit ${span}`,
  },
  search: {
    label: 'Board durchsuchen',
    /** The names of fields are the same in every language. */
    example: 'Name, Adresse, is:late, store:red',
    none: 'Nichts davon passt zur Suche.',
  },
  counts: 'Offene Pakete',
  driversTitle: 'Fahrer',
  nobody: 'Niemand',
  by: { label: 'Gruppieren', status: 'Nach Status', driver: 'Nach Fahrer' },
  select: 'Auswählen',
  selected: (n) => f.plural(n, { one: '# ausgewählt', other: '# ausgewählt' }),
  assign: 'Zuweisen',
  clear: 'Aufheben',
  hint: 'Ziehe ein Paket auf einen Fahrer, oder drücke A.',
  hintTouch: 'Tippe auf „Auswählen“ und wähle Pakete für einen Fahrer.',
  duty: { on: 'im Dienst', off: 'außer Dienst', away: 'nicht verbunden' },
  seen: (age) => phrase`gesehen ${age}`,
  load: (n, driver) =>
    f.plural(n, { one: `# offenes Paket von ${driver}`, other: `# offene Pakete von ${driver}` }),
  noDrivers: 'Kein Fahrer ist verbunden, und keiner hat ein Paket.',
  empty: {
    attention: 'Nichts ist verspätet, gescheitert oder vergessen.',
    ready: 'Kein Paket wartet auf einen Fahrer.',
    claimed: 'Kein Paket wartet auf Abholung.',
    'in-transit': 'Kein Paket ist unterwegs.',
    returning: 'Kein Paket geht zurück.',
    driver: 'Nichts in der Hand.',
  },
  allDone: 'Keine offenen Pakete.',
  allDoneHint: (store) => phrase`Bestellungen aus einem ${store} erscheinen hier, sobald sie gesendet sind.`,
  aStore: 'Shop',
  loading: 'Offene Pakete werden geladen…',
  failed: 'Die offenen Pakete konnten nicht geladen werden.',
  full: (n) => `Mehr als ${f.count(n)} Pakete sind offen; nicht alle werden gezeigt.`,
  dialog: {
    assignOne: (parcel) => `${parcel} zuweisen`,
    assignMany: (n) => f.plural(n, { one: '# Paket zuweisen', other: '# Pakete zuweisen' }),
    driver: 'Fahrer',
    choose: 'Fahrer',
    asking: 'Der Hub wird gefragt…',
    unknown: (driver) => `Niemand namens ${driver} war bisher hier.`,
    doubtful: (driver, why) => `Ob ${driver} schon hier war, ist nicht bekannt. ${why}`,
    anyway: 'Trotzdem zuweisen',
  },
  outcome: {
    sending: (n, driver) =>
      f.plural(n, { one: `# Paket geht an ${driver}…`, other: `# Pakete gehen an ${driver}…` }),
    assigned: (n, driver) =>
      f.plural(n, { one: `# Paket geht an ${driver}.`, other: `# Pakete gehen an ${driver}.` }),
    taking: (n) => f.plural(n, { one: '# Sendung wird gemeldet…', other: '# Sendungen werden gemeldet…' }),
    taken: (n) => f.plural(n, { one: 'Für # Sendung erledigt.', other: 'Für # Sendungen erledigt.' }),
    undo: 'Rückgängig',
    undone: 'Zurückgenommen.',
    lostTo: (parcel, winner) => `${parcel} ging stattdessen an ${winner}.`,
    takenMeanwhile: (parcel, winner) => `Inzwischen von ${winner} übernommen: ${parcel}`,
    refused: (parcel, why) => `${parcel}: ${why}`,
    movedOn: (status) => `Es ist inzwischen weiter: ${status}`,
    finished: 'Es ist inzwischen abgeschlossen.',
    dismiss: 'Schließen',
  },
});
