import type { Words } from '../en/shop-day.ts';
import type { Formats } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  title: 'Aufträge eines Tages',
  back: 'Alle Aufträge',
  choose: 'Tag',
  today: 'Heute',
  yesterday: 'Gestern',
  tomorrow: 'Morgen',
  other: 'Ein anderer Tag',
  counting:
    'Jeder Auftrag zählt an dem Tag, an dem er fällig ist; ohne Zeit an dem, an dem er aufgegeben wurde.',
  length: (hours) => `Dieser Tag hat ${f.tenths(hours)} Stunden.`,
  clock: (zone) => `Nach den Uhren von ${zone}.`,
  reading: 'Der Tag wird gelesen…',
  damaged: (n) =>
    f.plural(n, {
      one: '# Auftrag ist beim Hub beschädigt und fehlt hier, falls er für diesen Tag war.',
      other: '# Aufträge sind beim Hub beschädigt und fehlen hier, falls sie für diesen Tag waren.',
    }),
  counts: 'Aufträge des Tages nach dem, was aus ihnen wurde',
  all: 'Aufträge',
  part: {
    open: 'Offen',
    delivered: 'Zugestellt',
    'on-time': 'Pünktlich',
    late: 'Verspätet',
    failed: 'Gescheitert',
    returned: 'Zurück im Laden',
    cancelled: 'Storniert',
  },
  byDriver: 'Nach Fahrern',
  noDriver: 'Kein Fahrer',
  repeats: 'Wiederkehrende Aufträge',
  stillToCome: (n) =>
    f.plural(n, {
      one: '# wiederkehrender Auftrag kommt an diesem Tag noch dazu:',
      other: '# wiederkehrende Aufträge kommen an diesem Tag noch dazu:',
    }),
  none: 'Keine Aufträge für diesen Tag.',
  noneHere: 'Hier ist kein Auftrag dieses Tages.',
  showAll: 'Den ganzen Tag zeigen',
  found: (n, total) => `${f.count(n)} von ${f.count(total)} Aufträgen.`,
  orders: 'Aufträge des Tages',
  by: (time) => `Bis ${time}`,
  from: (time) => `Ab ${time}`,
  details: (id, customer) => `${customer} · ${id}, Einzelheiten des Auftrags`,
  exportCsv: 'CSV exportieren',
  exporting: 'Wird vorbereitet…',
  labels: 'Etiketten',
  list: 'Liste für den Fahrer',
});
