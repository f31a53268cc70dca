import type { Words } from '../en/amend-form.ts';
import { phrase } from '../formats.ts';

export const messages = (): Words => ({
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
});
