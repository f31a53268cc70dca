import type { Words } from '../en/shop-day.ts';
import type { Formats } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  title: 'Aufträge eines Tages',
  back: 'Alle Aufträge',
  choose: 'Tag',
  today: 'Heute',
  yesterday: 'Gestern',
  other: 'Ein anderer Tag',
  length: (hours) => `Dieser Tag hat ${f.tenths(hours)} Stunden.`,
  clock: (zone) => `Nach den Uhren von ${zone}.`,
  reading: 'Der Tag wird gelesen…',
  damaged: (n) =>
    f.plural(n, {
      one: '# Eintrag dieses Tages ist beim Hub beschädigt und zählt nirgends.',
      other: '# Einträge dieses Tages sind beim Hub beschädigt und zählen nirgends.',
    }),
  counts: 'Aufträge des Tages nach dem, was aus ihnen wurde',
  part: {
    placed: 'Aufgegeben',
    delivered: 'Zugestellt',
    'on-time': 'Pünktlich',
    late: 'Verspätet',
    failed: 'Gescheitert',
    returned: 'Zurück im Laden',
    cancelled: 'Storniert',
  },
  byDriver: 'Nach Fahrern',
  noDriver: 'Kein Fahrer',
  none: 'An diesem Tag ist aus keinem Auftrag etwas geworden.',
  noneHere: 'Hier ist kein Auftrag dieses Tages.',
  showAll: 'Den ganzen Tag zeigen',
  found: (n, total) => `${f.count(n)} von ${f.count(total)} Aufträgen.`,
  orders: 'Aufträge des Tages',
  details: (id, customer) => `${customer} · ${id}, Einzelheiten des Auftrags`,
  exportCsv: 'CSV exportieren',
  exporting: 'Wird vorbereitet…',
  labels: 'Etiketten',
  list: 'Liste für den Fahrer',
});
