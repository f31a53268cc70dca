import type { Words } from '../en/driver-scan.ts';

export const messages = (): Words => ({
  title: 'Gescanntes Paket',
  scan: 'Etikett scannen',
  noLabel: 'Das ist weder ein Etikett noch die Nummer eines Angebots oder Stopps.',
  asking: 'Der Hub wird gefragt…',
  unknown: 'Für Sie gibt es kein solches Paket.',
  claim: 'Übernehmen',
  takenBy: (name) => `${name} war schneller.`,
  close: 'Schließen',
});
