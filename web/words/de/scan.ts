import type { Words } from '../en/scan.ts';

export const messages = (): Words => ({
  opening: 'Das Paket wird geöffnet…',
  ask: 'Das Paket öffnen als',
  askHint: 'Dieser Browser hat mehr als eine Rolle.',
  as: {
    driver: (name) => `Fahrer ${name}`,
    vendor: (name) => `Laden ${name}`,
    admin: 'Disposition',
  },
  stranger: 'Das ist der Code eines Pakets.',
  strangerHint: 'Er öffnet das Paket für Fahrer, Laden und Disposition. Wer sind Sie?',
  keyedHint: 'Er öffnet das Paket für Fahrer, Laden und Disposition, die sich mit ihrem Schlüssel anmelden.',
  role: { driver: 'Ich liefere Pakete aus', vendor: 'Ich bin der Laden', admin: 'Ich bin die Disposition' },
  signIn: {
    driver: 'Als Fahrer anmelden',
    vendor: 'Als Laden anmelden',
    admin: 'Als Disposition anmelden',
  },
  customer: 'Sie erwarten ein Paket? Die Nachricht des Ladens enthält den Link zu Ihrer Seite.',
  noParcel: 'Dieser Code nennt kein Paket.',
  noParcelHint: 'Scannen Sie den Code auf dem Etikett eines Pakets.',
});
