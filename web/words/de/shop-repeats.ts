import type { Words } from '../en/shop-repeats.ts';
import type { Formats } from '../formats.ts';

export const messages = (_: Formats): Words => ({
  title: 'Wiederkehrende Aufträge',
  hint: 'Der Hub macht daraus an jedem ihrer Tage einen Auftrag, eine Stunde bevor er Fahrern angeboten wird, auch wenn diese Seite zu ist.',
  asking: 'Der Hub wird gefragt…',
  none: 'Noch kommt kein Auftrag wieder.',
  list: 'Aufträge, die wiederkommen',
  rhythm: {
    daily: () => 'Jeden Tag',
    weekly: (days) => `Jede Woche am ${days}`,
    fortnightly: (days) => `Jede zweite Woche am ${days}`,
    monthly: (_days, date) => `Jeden Monat am ${date}.`,
  },
  time: {
    both: (start, end) => `${start} bis ${end}`,
    start: (start) => `ab ${start}`,
    end: (end) => `bis ${end}`,
  },
  next: (day) => `Als Nächstes: ${day}`,
  noNext: 'Es kommt kein weiterer Tag.',
  broken:
    'Der Hub versteht diese Wiederholung nicht mehr und legt keine Aufträge daraus an. Beende sie und lege sie neu an.',
  told: {
    missed: (day) => `${day}: nicht aufgegeben, weil zu seiner Zeit kein Hub lief.`,
    refused: (day) => `${day}: Der Hub hat diesen Auftrag abgelehnt.`,
    moved: (day) =>
      `${day}: Diese Uhrzeit gibt es nicht, weil die Uhren vorgestellt werden. Er kam ebenso lange nach Mitternacht.`,
    first: (day) =>
      `${day}: Diese Uhrzeit gibt es zweimal, weil die Uhren zurückgestellt werden. Die erste gilt.`,
  },
  change: 'Ändern',
  changeOf: (customer) => `Wiederkehrenden Auftrag für ${customer} ändern`,
  end: 'Beenden',
  endOf: (customer) => `Wiederkehrenden Auftrag für ${customer} beenden`,
  ended: (customer) => `Der Auftrag für ${customer} kommt nicht mehr wieder.`,
  undo: 'Rückgängig',
  add: 'Neuer wiederkehrender Auftrag',

  form: {
    title: 'Wie er wiederkommt',
    customer: 'Kunde',
    address: 'Adresse',
    often: 'Wie oft',
    rhythm: {
      daily: 'Jeden Tag',
      weekly: 'Jede Woche',
      fortnightly: 'Jede zweite Woche',
      monthly: 'Jeden Monat, am Datum des ersten Tages',
      own: 'Wie seine Regel sagt',
    },
    days: 'Am',
    from: 'Erster Tag',
    start: 'Nicht vor',
    until: 'Termin',
    zone: (zone) => `Tage und Zeiten gelten in ${zone}.`,
    save: 'Wiederkehren lassen',
    saveChange: 'Änderungen speichern',
    saving: 'Wird gespeichert…',
    cancel: 'Abbrechen',
    missing: 'Ein Auftrag braucht Kunde und Adresse.',
    noTime: 'Wählen Sie eine Zeit, zu der er beginnt oder fällig ist.',
    reversed: 'Er ist fällig, bevor er beginnt.',
    noDay: 'Wählen Sie den ersten Tag.',
  },
});
