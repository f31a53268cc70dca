import type { Words } from '../en/log-help.ts';

export const messages = (): Words => ({
  keys: {
    search: 'suchen',
    pause: 'pausieren und fortsetzen',
    next: 'nächste Zeile',
    previous: 'vorige Zeile',
    open: 'Details der gewählten Sendung',
    close: 'Details schließen',
    failures: 'nächster und voriger Fehlversuch',
    sameParcel: 'nächstes und voriges Ereignis derselben Sendung',
    oldest: 'zum ältesten Ereignis',
    newest: 'zum neuesten, und mitlaufen',
    help: 'diese Hilfe',
  },
  terms: {
    words: 'beide Wörter, irgendwo',
    exactly: 'genau dies',
    event: 'ein Ereignis oder ein Status',
    store: 'ein Shop',
    driver: 'ein Fahrer',
    order: 'ein Auftrag',
    via: 'der Zugang, über den es kam',
    is: 'Aufträge, die jetzt offen oder verspätet sind: auf dem Board und in der Liste eines Ladens',
    without: 'alles außer diesem',
  },
  more: 'Ein Klick auf eine Zeile öffnet ihre Sendung. Ein Klick mit Alt auf einen Wert zeigt nur Zeilen mit diesem Wert, einer mit Umschalt und Alt nur die ohne ihn; die Details einer Sendung bieten beides. Ziehen über das Diagramm wählt eine Zeit. „Gehe zu“, unter Filter, nimmt einen Auftrag, die Nummer eines Ereignisses (#1284) oder eine Zeit, mit englischen Wörtern: 14:00, yesterday 14:00, Monday, 20 Nov 9:30, 10 min ago.',
});
