import type { Words } from '../en/track.ts';
import { type Formats, phrase } from '../formats.ts';
import { life } from './life-customer.ts';

export const messages = (f: Formats): Words => ({
  ...life,

  title: (id, status) => `Bestellung ${id}: ${status}`,
  titleLate: (id, status) => `Bestellung ${id}: ${status}, verspätet`,
  noOrder: {
    title: 'Keine Bestellung',
    heading: 'Hinter diesem Link steht keine Bestellung.',
    hint: 'Vielleicht wurde er beim Kopieren abgeschnitten. Öffnen Sie ihn noch einmal aus der Nachricht, die Sie bekommen haben, oder bitten Sie Ihren Shop, ihn erneut zu senden.',
  },
  notNow: {
    title: 'Einen Moment',
    heading: 'Ihre Bestellung kann gerade nicht angezeigt werden.',
    hint: 'Diese Seite versucht es von selbst noch einmal.',
  },
  notShown: {
    title: 'Hier nicht zu sehen',
    heading: 'Diese Seite kann unter dieser Adresse nicht gezeigt werden.',
  },

  now: 'Jetzt',
  late: 'Verspätet',
  driver: { first: 'Ihr Fahrer', within: 'Ihr Fahrer' },

  headline: {
    ready: (shop) => phrase`${shop} hat Ihre\u00a0Bestellung bereit`,
    claimed: (driver) => phrase`${driver} holt Ihre\u00a0Bestellung\u00a0ab`,
    inTransit: (driver) => phrase`${driver} hat Ihre\u00a0Bestellung abgeholt`,
    again: (driver) => phrase`${driver} versucht es noch\u00a0einmal`,
    delivered: (driver) => phrase`${driver} hat Ihre\u00a0Bestellung zugestellt`,
    failed: (driver) => phrase`${driver} konnte Ihre\u00a0Bestellung nicht\u00a0zustellen`,
    returning: (shop) => phrase`Ihre Bestellung geht zurück zu ${shop}`,
    returned: (shop) => phrase`Ihre Bestellung ist wieder bei ${shop}`,
    cancelled: 'Ihre Bestellung wurde\u00a0storniert',
  },
  when: {
    between: (from, to) => phrase`Sie kommt zwischen ${from} und ${to} an.`,
    after: (from) => phrase`Sie kommt nach ${from} an.`,
    due: (moment) => phrase`Ankunft bis ${moment}.`,
    wasDue: (moment) => phrase`Sie sollte bis ${moment} ankommen.`,
    usually: (shop, span) => phrase`Bestellungen von ${shop} kommen meist innerhalb von ${span} an.`,
    minutes: (n) => f.plural(n, { one: '# Minute', other: '# Minuten' }),
    hours: (n) => f.plural(n, { one: '# Stunde', other: '# Stunden' }),
    days: (n) => f.plural(n, { one: '# Tag', other: '# Tagen' }),
  },
  next: {
    ready: 'Als Nächstes übernimmt sie ein Fahrer und holt sie ab.',
    claimed: (shop) => phrase`Als Nächstes verlässt sie ${shop} und kommt zu Ihnen.`,
    inTransit: 'Sie ist auf dem Weg zu Ihnen.',
    failed: (driver, shop) =>
      phrase`Als Nächstes versucht ${driver} es noch einmal oder bringt sie zurück zu ${shop}.`,
    lost: (shop) => phrase`${shop} kann Ihnen sagen, wie es weitergeht.`,
    back: (shop) => phrase`${shop} kann Ihnen sagen, wie Sie sie doch noch bekommen.`,
    calledOff: 'Die Zustellung wurde abgesagt.',
    calledOffBy: (shop) => phrase`${shop} hat sie storniert.`,
    cancelled: (shop) => phrase`${shop} kann Ihnen mehr sagen.`,
    reason: (reason) => phrase`Der Grund: ${reason}.`,
  },
  outcome: {
    recipient: 'Sie wurde dem Empfänger übergeben.',
    person: (name) => phrase`Sie wurde ${name} übergeben.`,
    neighbour: 'Sie wurde bei einem Nachbarn abgegeben.',
    neighbourNamed: (name) => phrase`Sie wurde bei einem Nachbarn abgegeben: ${name}.`,
    safePlace: 'Sie wurde an einem sicheren Ort abgelegt.',
    mailbox: 'Sie liegt im Briefkasten.',
    arrived: 'Sie ist angekommen.',
  },

  proof: {
    title: 'Zugestellt, mit Nachweis',
    photo: 'Foto der Zustellung',
    coming: 'Das Foto der Zustellung ist noch unterwegs.',
    pin: (pin) => phrase`Nennen Sie dem Fahrer an der Tür diese Zahl: ${pin}`,
  },

  steps: {
    title: 'Schritte',
    ordered: 'Bestellt',
    assigned: 'Fahrer gefunden',
    pickedUp: 'Abgeholt',
    delivered: 'Zugestellt',
    cancelled: 'Storniert',
    tried: 'Zustellung versucht',
    again: 'Wieder unterwegs',
    goingBack: 'Auf dem Rückweg',
    returned: 'Zurückgegeben',
    state: { done: 'Erledigt: ', current: 'Jetzt: ', coming: 'Noch offen: ' },
    attempts: 'Erfolglose Versuche',
    before: (n) => f.plural(n, { one: 'Und # weiterer davor.', other: 'Und # weitere davor.' }),
  },
  order: { title: 'Bestellung', id: 'Bestellung', from: 'Von', to: 'An' },
  contact: {
    call: (shop, phone) => phrase`Fragen? Rufen Sie ${shop} an: ${phone}.`,
    write: (shop, email) => phrase`Fragen? Schreiben Sie ${shop}: ${email}.`,
    both: (shop, phone, email) =>
      phrase`Fragen? Rufen Sie ${shop} an: ${phone}, oder schreiben Sie an ${email}.`,
  },
  utc: (moment) => `${moment} UTC`,

  frame: {
    tryNow: 'Jetzt versuchen',
    newVersion: 'Es gibt eine neue Version dieser Seite.',
    refresh: 'Aktualisieren',
    reload: 'Laden Sie diese Seite neu, um zu sehen, was es Neues gibt.',
  },
  link: {
    connecting: 'Verbinden…',
    live: 'Live',
    back: 'Wieder da',
    offline: (time) => `Stand ${time}. Offline`,
    lost: (time, seconds) => `Stand ${time}. Neu verbinden in ${seconds} s`,
    onDay: (day, time) => `${day}, ${time}`,
  },
});
