import type { Words } from '../en/log-filter.ts';

export const messages = (): Words => ({
  matches: 'Treffer',
  only: 'Nur Treffer zeigen',
  highlight: 'Treffer hervorheben',
  previous: 'Voriger Treffer',
  next: 'Nächster Treffer',
  goTo: 'Gehe zu',
  placeExample: '14:00, #1284, Auftrag',
  go: 'Los',
  range: 'Zeitraum',
  from: 'Von',
  to: 'Bis',
  showTime: 'Diese Zeit zeigen',
  csv: 'CSV herunterladen',
  jsonLines: 'JSON-Zeilen herunterladen',
  preparing: 'Die Datei wird vorbereitet…',
  noLaterMatch: 'Kein späterer Treffer.',
  noEarlierMatch: 'Kein früherer Treffer.',
  noOrder: (order) => `Es gibt keinen Auftrag ${order}.`,
});
