import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readWorkbook } from './workbook.ts';

interface Made {
  sheets?: readonly { name: string; xml: string; state?: string }[];
  strings?: string;
  styles?: string;
  settings?: string;
}

const sheetXml = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;

function workbookOf({ sheets = [], strings, styles, settings = '' }: Made): Uint8Array<ArrayBuffer> {
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"${state ? ` state="${state}"` : ''}/>`,
  );
  const links = sheets.map(
    (_, i) => `<Relationship Id="r${i}" Type="http://x/worksheet" Target="worksheets/s${i}.xml"/>`,
  );
  const files: Record<string, string> = {
    'xl/workbook.xml': `<workbook>${settings}<sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${links.join('')}</Relationships>`,
    ...(strings === undefined ? {} : { 'xl/sharedStrings.xml': `<sst>${strings}</sst>` }),
    ...(styles === undefined ? {} : { 'xl/styles.xml': `<styleSheet>${styles}</styleSheet>` }),
  };
  sheets.forEach(({ xml }, i) => {
    files[`xl/worksheets/s${i}.xml`] = xml;
  });
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

const cellsOf = (made: Made, at?: number) =>
  readWorkbook(workbookOf(made), at).lines.map(({ cells }) => cells);
const one = (rows: string, more: Made = {}) =>
  cellsOf({ ...more, sheets: [{ name: 'a', xml: sheetXml(rows) }] });

test('texts: shared, in runs, with entities, on the spot, of a formula; readings aloud are left out', () => {
  const strings =
    '<si><t>a &amp; b</t></si><si><r><t>Ó</t></r><r><rPr/><t xml:space="preserve"> Neill</t></r></si><si><t>東</t><rPh sb="0"><t>ひがし</t></rPh></si><si/>';
  const cells =
    '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="inlineStr"><is><t>l1_x000D_&#10;l2</t></is></c><c t="str"><f>A1</f><v>f</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>';
  expect(one(`<row>${cells}</row>`, { strings })).toEqual([
    ['a & b', 'Ó Neill', '東', '', 'l1\r\nl2', 'f', 'true', ''],
  ]);
});

test('numbers as they are shown, dates as dates, times of day alone, in both calendars of Excel', () => {
  const styles =
    '<numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="[$-407]dd\\.mm\\.yyyy &quot;Uhr&quot;"/><numFmt numFmtId="166" formatCode="0.00 &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="166"/></cellXfs>';
  const cells =
    '<c s="0"><v>42</v></c><c s="1"><v>1103</v></c><c s="2"><v>46356</v></c><c s="3"><v>46356.604166666664</v></c><c s="4"><v>0.604166666666667</v></c><c s="5"><v>46356</v></c><c><v>4.9151555E+11</v></c><c><v>5.0999999999999996</v></c>';
  const shown = ['42', '01103', '2026-11-30', '2026-11-30 14:30', '14:30', '46356', '491515550000', '5.1'];
  expect(one(`<row>${cells}</row>`, { styles })).toEqual([shown]);
  const from1904 = { styles, settings: '<workbookPr date1904="1"/>' };
  expect(one('<row><c s="2"><v>44894</v></c></row>', from1904)).toEqual([['2026-11-30']]);
});

test('gaps stay gaps, rows keep their numbers, and namespaces and hidden sheets do not matter', () => {
  const xml =
    '<x:worksheet xmlns:x="y"><!-- > --><x:sheetData><x:row r="2"><x:c r="B2"><x:v>7</x:v></x:c><x:c r="D2"/></x:row><x:row r="9"><x:c r="A9" t="inlineStr"><x:is><x:t><![CDATA[<&>]]></x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
  const sheets = [
    { name: 'h', xml: sheetXml('<row><c><v>1</v></c></row>'), state: 'hidden' },
    { name: 'empty', xml: sheetXml('') },
    { name: 'a &amp; b', xml },
  ];
  expect(readWorkbook(workbookOf({ sheets }), undefined)).toEqual({
    names: ['empty', 'a & b'],
    at: 1,
    lines: [
      { line: 2, cells: ['', '7'] },
      { line: 9, cells: ['<&>'] },
    ],
  });
});

const utf16 = (text: string) =>
  Uint8Array.from(Array.from(text, (letter) => [letter.charCodeAt(0), 0]).flat());
const old = (name: string) => Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, ...utf16(name));
const bomb = () => workbookOf({ sheets: [{ name: 'a', xml: sheetXml(' '.repeat(70 * 1024 * 1024)) }] });
/** The size in the zip's directory is what a reader trusts. */
const liar = () => {
  const bytes = workbookOf({
    sheets: [{ name: 'a', xml: sheetXml('<row><c><v>1</v></c></row>'.repeat(9_999)) }],
  });
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length - 4; at += 1)
    if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) > 100_000)
      view.setUint32(at + 24, 50, true);
  return bytes;
};

/** 250 GB of cells. */
const shared = () =>
  workbookOf({
    sheets: [{ name: 'a', xml: sheetXml(`<row>${'<c t="s"><v>0</v></c>'.repeat(50)}</row>`.repeat(5_000)) }],
    strings: `<si><t>${'x'.repeat(1_000_000)}</t></si>`,
  });

test.each([
  ['a password', () => old('EncryptedPackage'), 'locked'],
  ['the format before 2007', () => old('Workbook'), 'old'],
  ['another zip', () => zipSync({ 'content.xml': strToU8('<a/>') }), 'otherKind'],
  ['a cut file', () => workbookOf({}).slice(0, 99), 'damaged'],
  ['no sheet', () => workbookOf({}), 'damaged'],
  ['70 MB in a few kB', bomb, 'tooLarge'],
  ['a long text in each of 250,000 cells', shared, 'tooLarge'],
  ['more than its directory says', liar, 'damaged'],
  [
    'a cell in column XFD',
    () => workbookOf({ sheets: [{ name: 'a', xml: sheetXml('<row><c r="XFD1"><v>1</v></c></row>') }] }),
    'tooManyColumns',
  ],
  [
    'a row beyond the most',
    () => workbookOf({ sheets: [{ name: 'a', xml: sheetXml('<row><c><v>1</v></c></row>'.repeat(50_011)) }] }),
    'tooManyRows',
  ],
])('says what it cannot read: %s', (_, bytes, fault) =>
  expect(() => readWorkbook(bytes(), undefined)).toThrow(fault),
);

test('a number is not shown with more zeros than Excel can show', () => {
  const styles = `<numFmts><numFmt numFmtId="164" formatCode="${'0'.repeat(100_000)}"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>`;
  expect(one('<row><c s="0"><v>7</v></c></row>', { styles })).toEqual([['7'.padStart(255, '0')]]);
});

test('a row that claims to be the billionth costs nothing', () => {
  const xml = sheetXml('<row r="1000000000"><c><v>1</v></c></row>');
  expect(readWorkbook(workbookOf({ sheets: [{ name: 'a', xml }] }), 0).lines).toEqual([
    { line: 1_000_000_000, cells: ['1'] },
  ]);
});
