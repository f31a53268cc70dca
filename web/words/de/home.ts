import type { Words } from '../en/home.ts';
import { phrase } from '../formats.ts';

export const messages = (): Words => ({
  title: 'Sendungen, überall im Takt.',
  lead: 'CAPS ist ein Hub für Sendungen: Shops geben Aufträge auf, Fahrer stellen sie zu, und alle sehen jeden Schritt in dem Moment, in dem er geschieht.',
  what: {
    vendor: 'Der Shop: Aufträge senden, ihren Weg verfolgen und Danke sagen, wenn sie ankommen.',
    driver: 'Ein Telefon in einer Hand: Angebot übernehmen, abholen, zustellen.',
    log: 'Die Disposition: jedes Ereignis, sobald es geschieht, wer verbunden ist, und alles, was war.',
    board: 'Board: alle offenen Pakete danach, was zu tun ist, verspätete zuerst.',
  },
  needsKey: 'Braucht einen Schlüssel',
  code: (url) => `QR-Code, der ${url} öffnet`,
  noAnswer: 'Der Hub antwortet nicht, seine Adressen sind daher nicht bekannt.',
  addresses: 'Dieser Rechner im Netz',
  scan: 'Scannen Sie einen Code mit einem Telefon im selben Netz, oder tippen Sie die Adresse auf einem anderen Rechner ein. Führt ein Code ins Leere, wählen Sie eine andere Adresse.',
  plainHttp: (setting) =>
    phrase`Über einfaches HTTP geht alles außer dem, was Browser HTTPS vorbehalten: die Kamera, ohne Netz öffnen, den Bildschirm anlassen, mit einem Druck kopieren. Setzen Sie dafür ${setting} auf „auto“, und starten Sie den Hub neu.`,
  phone: 'Ein Telefon auf HTTPS bringen',
  phoneWhat:
    'Für die Kamera, einen Bildschirm, der an bleibt, und das Öffnen ohne Netz: zwei Minuten, einmal für jedes Telefon.',
  open: 'Der Zugang ist offen: Wer diesen Hub erreicht, kann jede Rolle einnehmen. Das ist für Vorführungen und Netze, denen Sie vertrauen.',
  keyed:
    'Ihr Schlüssel öffnet, was hier steht. Eine andere Seite braucht einen anderen Schlüssel: Öffnen Sie ihren Link.',
  noKey:
    'Der Zugang braucht einen Schlüssel. Öffnen Sie den Link, den Sie bekommen haben; die Disposition gibt sie auf der Seite Log aus. Der allererste Schlüssel ist CAPS_ADMIN_KEY, gesetzt von der Person, die diesen Hub betreibt.',
  documentation: 'Dokumentation (auf Englisch)',
  version: (version) => `Version ${version}`,
});
