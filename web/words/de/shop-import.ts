import type { Words } from '../en/shop-import.ts';
import { type Formats, isolated, phrase } from '../formats.ts';

export const messages = (f: Formats): Words => ({
  left: (name, left, total) =>
    `Die Seite wurde geschlossen, während sie ${name} importierte: ${f.count(left)} von ${f.count(total)} Aufträgen waren noch nicht gesendet oder nicht bestätigt. Importieren Sie dieselbe Datei noch einmal für den Rest; was schon da ist, bleibt ein Auftrag.`,
  title: 'Aufträge importieren',
  another: 'Andere Datei wählen',

  choose: {
    file: 'CSV- oder Excel-Datei mit Aufträgen',
    hint: 'Wählen Sie sie aus, oder legen Sie sie hier ab. Nichts wird gesendet, bevor Sie gesehen haben, was darin steht.',
    columns: (column) =>
      phrase`Eine Zeile nennt die Spalten: ${column('customer')} und ${column('address')}, und wenn Sie möchten ${column('orderID')}, ${column('notBefore')} und ${column('dueAt')} (2026-11-30 14:30, oder wie Sie Tage und Zeiten schreiben), ${column('phone')}, ${column('email')}, ${column('note')}. Spalten, die anders heißen, etwa im Export eines Shopsystems, lassen sich im nächsten Schritt zuordnen.`,
    again:
      'Dieselbe Datei noch einmal ergibt keinen zweiten Auftrag: Eine Zeile ohne Auftragsnummer bekommt eine kurze aus ihrem Inhalt.',
    template: 'Vorlage herunterladen',
  },

  columns: {
    title: 'Welche Spalte ist was?',
    heads: 'Die erste Zeile nennt die Spalten',
    nameless: (place) => `Spalte ${f.digits(place)}`,
    named: (place, name) => `Spalte ${f.digits(place)}: ${name}`,
    field: {
      orderID: 'Auftragsnummer',
      customer: 'Kunde',
      address: 'Adresse',
      notBefore: 'Nicht vor',
      dueAt: 'Termin',
      phone: 'Telefon',
      email: 'E-Mail',
      note: 'Notiz an den Fahrer',
    },
    further: (field) => `${field}, weitere Spalte`,
    none: 'Nicht in dieser Datei',
    add: '+ Spalte',
    keepOthers: (n) =>
      f.plural(n, {
        one: 'Die andere Spalte beim Auftrag behalten',
        other: 'Die # anderen Spalten beim Auftrag behalten',
      }),
    sheet: 'Blatt',
    dayOrder: (day) => `${day} bedeutet`,
    chooseDay: 'Wählen…',
    needed: 'Ein Auftrag braucht Kunde und Adresse: Wählen Sie deren Spalten.',
    show: 'Aufträge anzeigen',
  },

  preview: {
    good: (n) =>
      f.plural(n, {
        one: '# Auftrag kann gesendet werden.',
        other: '# Aufträge können gesendet werden.',
      }),
    bad: (n) => f.plural(n, { one: '# Zeile hat einen Fehler.', other: '# Zeilen haben Fehler.' }),
    badRows: 'Zeilen mit Fehlern',
    goodRows: 'Zeilen, die gesendet werden können',
    line: (line) => `Zeile ${f.digits(line)}`,
    moreBad: (n) => f.plural(n, { one: '# weitere hat Fehler.', other: '# weitere haben Fehler.' }),
    more: (n) => f.plural(n, { one: '# weiterer', other: '# weitere' }),
    late: (n, lines, isCut) => {
      const list = lines.map(f.digits).join(', ') + (isCut ? ', …' : '.');
      return f.plural(n, {
        one: `# Auftrag war schon fällig: Zeile ${list}`,
        other: `# Aufträge waren schon fällig: Zeilen ${list}`,
      });
    },
    moreLines: (n, lines, isCut) => {
      const list = lines.map(f.digits).join(', ') + (isCut ? ', …' : '.');
      return f.plural(n, {
        one: `# Zeile gehört zu einem Auftrag darüber und ergibt keinen eigenen: Zeile ${list}`,
        other: `# Zeilen gehören zu Aufträgen darüber und ergeben keine eigenen: Zeilen ${list}`,
      });
    },
    allUsed: 'Jede Spalte wird verwendet.',
    kept: (n) =>
      f.plural(n, {
        one: '# weitere Spalte wird beim Auftrag behalten.',
        other: '# weitere Spalten werden beim Auftrag behalten.',
      }),
    leftOut: (n) =>
      f.plural(n, {
        one: '# weitere Spalte wird weggelassen.',
        other: '# weitere Spalten werden weggelassen.',
      }),
    change: 'Spalten ändern',
    leaveOut: (n) =>
      f.plural(n, {
        one: 'Die Zeile mit Fehlern weglassen',
        other: '# Zeilen mit Fehlern weglassen',
      }),
    send: (n) => f.plural(n, { one: '# Auftrag senden', other: '# Aufträge senden' }),
  },

  mend: {
    file: 'zu-korrigieren',
    download: 'Diese Zeilen herunterladen',
    hint: 'Eine Tabelle nur mit diesen Zeilen; in der ersten Spalte steht, was nicht stimmt. Korrigieren Sie sie und importieren Sie sie wieder.',
  },

  progress: {
    onRecord: (done, total) => `${f.count(done)} von ${f.count(total)} Aufträgen sind aufgezeichnet.`,
    label: 'Aufgezeichnete Aufträge',
    isUp: 'Sie können dieses Fenster schließen und weiterarbeiten; lassen Sie die Seite offen.',
    isDown: 'Keine Verbindung zum Hub. Es geht von selbst weiter, sobald sie wieder da ist.',
    stop: 'Anhalten',
    placed: (n) =>
      f.plural(n, { one: '# Auftrag wurde aufgegeben.', other: '# Aufträge wurden aufgegeben.' }),
    known: (n) => f.plural(n, { one: '# gab es schon.', other: '# gab es schon.' }),
    refused: (n) => f.plural(n, { one: '# wurde abgelehnt.', other: '# wurden abgelehnt.' }),
    stopped: (n) =>
      `Angehalten, ${f.count(n)} fehlen noch. Senden Sie dieselbe Datei noch einmal für den Rest: Was schon da ist, bleibt ein Auftrag.`,
    refusedRows: 'Abgelehnte Zeilen',
    moreRefused: (n) =>
      f.plural(n, { one: '# weitere wurde abgelehnt.', other: '# weitere wurden abgelehnt.' }),
    another: 'Weitere Datei importieren',
  },

  file: {
    tooLarge: (megabytes) => `Diese Datei ist größer als ${f.count(megabytes)} MB; teilen Sie sie auf.`,
    noReader:
      'Was Dateien liest, konnte nicht geladen werden. Versuchen Sie es, wenn der Hub antwortet, oder laden Sie die Seite neu.',
    locked:
      'Diese Arbeitsmappe hat ein Kennwort. Speichern Sie eine Kopie ohne Kennwort, oder ihr Blatt als CSV.',
    oldWorkbook:
      'Diese Arbeitsmappe hat das alte Format (.xls). Speichern Sie sie als .xlsx oder CSV und wählen Sie diese Datei.',
    otherKind:
      'Das ist keine Excel-Arbeitsmappe (.xlsx). Speichern Sie ihr Blatt als CSV und wählen Sie diese Datei.',
    damaged:
      'Diese Arbeitsmappe ist beschädigt oder nicht vollständig. Öffnen Sie sie in Excel, speichern Sie sie neu und wählen Sie diese Datei.',
    unpacksTooLarge: (megabytes) =>
      `Diese Arbeitsmappe ist entpackt größer als ${f.count(megabytes)} MB. Teilen Sie sie auf, oder speichern Sie ihr Blatt als CSV.`,
    empty: 'Diese Datei ist leer.',
    noTable: 'Die erste Zeile muss die Spalten nennen, darunter „customer“ und „address“.',
    noOrders: 'Unter der ersten Zeile stehen keine Aufträge.',
    tooManyOrders: (most) => `Höchstens ${f.count(most)} Aufträge in einer Datei.`,
    tooManyColumns: (most) => `Höchstens ${f.count(most)} Spalten in einer Datei.`,
    noEnd: (line) =>
      `Zeile ${f.digits(line)}: Diese Zeile hört nicht auf; suchen Sie ein Anführungszeichen, das nie geschlossen wird.`,
    notClosed: (line) =>
      `Zeile ${f.digits(line)}: Hier wird ein Anführungszeichen geöffnet und nie geschlossen.`,
  },

  row: {
    tooManyCells: 'Es gibt mehr Zellen als Spalten; setzen Sie eine Adresse mit Komma in Anführungszeichen.',
    tornCell:
      'Hinter einem schließenden Anführungszeichen steht noch Text; setzen Sie die ganze Zelle in Anführungszeichen und verdoppeln Sie die in ihr.',
    unfit: (column, why) => `„${column}“: ${why}`,
    noJson: (value, column) => `„${value}“ ist kein JSON, was „${column}“ sein muss.`,
    otherStore: (store) => `Das ist ein Auftrag des Shops „${store}“.`,
    sameId: (id, line) => `Die Auftragsnummer „${id}“ steht schon in Zeile ${f.digits(line)}.`,
    noCustomer: 'Der Kunde fehlt.',
    noAddress: 'Die Adresse fehlt.',
    badId: (problem) => `Die Auftragsnummer ist nicht erlaubt (${isolated(problem)}).`,
    badText: (column, problem) => `„${column}“ ist so nicht erlaubt (${isolated(problem)}).`,
    tooLong: (column, most) => `„${column}“ ist länger als ${f.count(most)} Zeichen.`,
    noDay: (value, date, month, year) =>
      `„${value}“ ist kein Termin; den ${f.digits(date)}. ${month} ${f.digits(year)} gibt es nicht.`,
    eitherDay: (value) =>
      `„${value}“ kann zwei Tage meinen; schreiben Sie ihn so: 2026-11-30 14:30, oder wählen Sie die Reihenfolge von Tag und Monat.`,
    noHour: (value) =>
      `„${value}“ gibt es nicht: In dieser Nacht werden die Uhren darüber hinweg vorgestellt. Wählen Sie eine andere Zeit.`,
    twice: (value, first, second) =>
      `„${value}“ gibt es zweimal, weil die Uhren in dieser Nacht zurückgestellt werden; schreiben Sie ${first} oder ${second}.`,
    noStart: (value) => `„${value}“ ist kein Beginn; schreiben Sie ihn so: 2026-11-30 14:30.`,
    badPlace: '„latitude“ und „longitude“ müssen beide Grad sein, etwa 52,52 und 13,40.',
    reversed: 'Das Ende liegt vor dem Anfang: „notBefore“ ist nach „dueAt“.',
    noMoment: (value) => `„${value}“ ist kein Termin; schreiben Sie ihn so: 2026-11-30 14:30.`,
  },
});
