import type { Words } from '../en/order-form.ts';
import { type Formats, phrase } from '../formats.ts';

export const messages = (_: Formats): Words => ({
  address: 'Adresse',
  day: 'Tag',
  today: 'Heute',
  tomorrow: 'Morgen',
  otherDay: 'Ein Datum…',
  notBefore: 'Nicht vor (optional)',
  due: 'Fällig (optional)',
  phone: 'Telefon (optional)',
  email: 'E-Mail (optional)',
  note: 'Notiz an den Fahrer (optional)',
  noCustomer: 'Geben Sie ein, wer die Sendung bekommt.',
  noAddress: 'Geben Sie ein, wohin sie geht.',
  noMoment: 'Geben Sie Tag und Uhrzeit ein.',
  noHour: 'Die Uhren werden in dieser Nacht über diese Zeit hinweg vorgestellt: Wählen Sie eine andere.',
  twice: 'Die Uhren zeigen diese Zeit in dieser Nacht zweimal: Wählen Sie eine andere.',
  zone: (zone) => `Die Zeiten gelten in ${zone}.`,
  past: 'Wählen Sie einen Zeitpunkt, der noch kommt.',
  reversed: 'Das liegt vor „Nicht vor“: Wählen Sie einen späteren Zeitpunkt.',

  /** Changes an order that the hub has. */
  amend: {
    change: 'Auftrag ändern',
    save: 'Änderungen speichern',
    saving: 'Wird gespeichert…',
    collected:
      'Er wurde inzwischen abgeholt, nun kann nur noch die Disposition ihn ändern. Nichts wurde geändert; was Sie eingegeben haben, bleibt hier stehen. Rufen Sie die Disposition an, oder schließen Sie das Formular und schreiben Sie eine Notiz: Der Fahrer liest sie.',
    finished:
      'Dieser Auftrag ist abgeschlossen, daran lässt sich nichts mehr ändern. Was Sie eingegeben haben, bleibt hier stehen; Sie können den Auftrag in einen neuen kopieren.',
    field: {
      customer: 'Kunde',
      address: 'Adresse',
      notBefore: 'Nicht vor',
      dueAt: 'Fällig',
      phone: 'Telefon',
      email: 'E-Mail',
      note: 'Notiz',
    },
    meanwhile:
      'Jemand hat diesen Auftrag geändert, seit Sie das Formular geöffnet haben. Was Sie eingegeben haben, steht noch hier.',
    now: (field, is) => phrase`${field} ist jetzt ${is}`,
    nothing: 'leer',
    keepMine: 'Meines trotzdem speichern',
    takeTheirs: 'Deren Fassung übernehmen',
    kept: 'Keine Verbindung: Ihre Änderungen bleiben auf diesem Gerät und werden gespeichert, sobald sie wieder da ist, auch wenn Sie die Seite schließen.',
  },
});
