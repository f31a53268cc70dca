/** Guesses which column of a file is which field, by headings and content. */

import { withContents } from './import-contents.ts';
import { type ColumnMapping, othersOf } from './import-mapping.ts';
import { eitherDayOf } from './import-rows.ts';
import type { OrderField } from './order-table.ts';
import type { CsvLine } from './read-csv.ts';

export interface Guess {
  readonly mapping: ColumnMapping;
  /** Whether the guess needs no confirmation. */
  readonly isSure: boolean;
}

type ColumnRole = OrderField | 'first' | 'last' | 'line2' | 'city' | 'zip' | 'time';
/** Shops export shipping and billing addresses. */
type ColumnFamily = 'own' | 'shipping' | 'billing';

interface ColumnMatch {
  readonly at: number;
  readonly role: ColumnRole;
  readonly family: ColumnFamily;
  /** Index among the names of its role; lower is likelier. */
  readonly rank: number;
  /** The heading is our own name for the role. */
  readonly isExact: boolean;
}

/** Headings by role, likeliest first, in lower case without accents, spaces and signs. */
const names: Readonly<Record<ColumnRole, string>> = {
  orderID:
    'orderid ordernumber orderno ordernr order bestellnummer bestellnr auftragsnummer auftrag bestellung commande numerodecommande pedido ordine id number no nr reference ref',
  customer:
    'customer recipient name customername fullname who contact kunde empfanger kundenname client destinataire nom cliente nombre destinatario klant naam',
  first: 'firstname givenname vorname prenom voornaam',
  last: 'lastname surname familyname nachname nomdefamille apellido achternaam',
  address:
    'address fulladdress address12 street streetaddress address1 addressline1 where destination adresse anschrift strasse strassehausnummer rue direccion calle indirizzo via adres straat',
  line2: 'address2 addressline2 adresszusatz complement',
  city: 'city town ort stadt ville ciudad citta plaats place',
  zip: 'zip zipcode postcode postalcode plz codepostal codigopostal cap cp',
  dueAt:
    'dueat due duetime duedate deliverydate deliverby deliverytime by lieferdatum liefertermin termin faellig fallig',
  notBefore:
    'notbefore earliest earliesttime earliestdelivery deliverfrom deliveryfrom windowstart fruhestens nichtvor pasavant nonprimadi nietvoor',
  time: 'time uhrzeit zeit heure hora ora tijd timewindow',
  phone:
    'phone phonenumber telephone telephonenumber tel mobile mobilenumber cell handy telefon telefonnummer mobil telefono telephon portable',
  email: 'email emailaddress mail mailaddress emailadresse courriel correo correoelectronico posta',
  note: 'note notes customernote ordernotes deliverynotes deliverynote instructions deliveryinstructions comment comments remark remarks notiz notizen bemerkung hinweis kundennotiz remarque nota',
};
const roles = (Object.keys(names) as ColumnRole[]).map((role) => ({ role, names: names[role].split(' ') }));

/** A file with more other columns than this is a shop's export, whose columns do not concern drivers. */
const othersKeptMax = 8;
/** Rows to sample. */
const sampleRows = 200;

export function looksLikeHeading(cell: string): boolean {
  return roleOf(cell, 0) !== undefined;
}

export function guessColumns(headings: readonly string[], lines: readonly CsvLine[]): Guess {
  const sample = lines.slice(0, sampleRows);
  const found = headings.flatMap(
    (heading, at) => orderNumbers(heading, at, sample) ?? roleOf(heading, at) ?? [],
  );
  const same = (a: number, b: number) =>
    sample.every(({ cells }) => (cells[a] ?? '').trim() === (cells[b] ?? '').trim());
  /** @returns the likeliest column of a role, and whether no equally likely one differs from it */
  const pick = (role: OrderField) => {
    const [best, ...others] = found.filter((one) => one.role === role).sort(byLikelihood);
    if (!best) return { best, isSure: true };
    const rivals = others.filter(({ family, isExact }) => family === best.family && best.isExact === isExact);
    return { best, isSure: rivals.every(({ at }) => same(at, best.at)) };
  };
  const [order, customer, due] = [pick('orderID'), pick('customer'), pick('dueAt')];
  const address = found.filter(({ role }) => role === 'address').sort(byLikelihood)[0];
  const parts = namePartsOf(found);
  const isParts = parts.length > 0 && (!customer.best || likelier(parts[0], customer.best));
  const byHeading = {
    orderID: indexesOf(order.best),
    customer: isParts ? parts.map(({ at }) => at) : indexesOf(customer.best),
    address: address ? addressOf(address, found) : [],
    dueAt: due.best ? [due.best.at, ...indexesOf(found.find(({ role }) => role === 'time'))] : [],
    notBefore: indexesOf(pick('notBefore').best),
    phone: indexesOf(pick('phone').best),
    email: indexesOf(pick('email').best),
    note: indexesOf(pick('note').best),
  };
  const isWhole = byHeading.customer.length > 0 && byHeading.address.length > 0;
  const columns = isWhole ? byHeading : withContents(byHeading, headings.length, sample);
  const isBare = found.length === 0 && headings.some((heading) => /\d/.test(heading));
  const mapping = { columns, keepsOthers: false, isBare };
  const others = othersOf(headings, mapping).length;
  const isOfShop = found.some(({ family }) => family !== 'own');
  const keepsOthers = !isBare && !isOfShop && others <= othersKeptMax;
  const isClear = eitherDayOf(lines, mapping) === undefined;
  const isSure = isWhole && order.isSure && (isParts || customer.isSure) && due.isSure && isClear;
  return { mapping: { ...mapping, keepsOthers }, isSure };
}

function roleOf(heading: string, at: number): ColumnMatch | undefined {
  const plain = heading
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '');
  const own = nameIn(plain);
  if (own) {
    // Shops have several numbers: Order ID, Order Number.
    const isExact = own.rank === 0 && (own.role !== 'orderID' || heading === 'orderID');
    return { at, ...own, family: 'own', isExact };
  }
  const [, before, base = '', after] =
    /^(shipping|shipto|delivery|billing|billto)?(.*?)(shipping|delivery|billing)?$/.exec(plain) ?? [];
  const word = before ?? after;
  const named = word === undefined ? undefined : nameIn(base);
  const family = word?.startsWith('bill') ? 'billing' : 'shipping';
  return named && { at, ...named, family, isExact: false };
}

function nameIn(plain: string): { role: ColumnRole; rank: number } | undefined {
  for (const one of roles) {
    const rank = one.names.indexOf(plain);
    if (rank >= 0) return { role: one.role, rank };
  }
  return undefined;
}

/** Shopify's column `Name` holds order numbers such as #1001. */
function orderNumbers(heading: string, at: number, sample: readonly CsvLine[]): ColumnMatch | undefined {
  if (heading.trim().toLowerCase() !== 'name') return undefined;
  const values = sample.map(({ cells }) => (cells[at] ?? '').trim()).filter((cell) => cell !== '');
  const isNumber = values.length > 0 && values.every((value) => /^[#\p{L}-]*\d[\p{L}\d-]*$/u.test(value));
  return isNumber ? { at, role: 'orderID', family: 'own', rank: 0, isExact: true } : undefined;
}

/** Sorts shipping columns first, then our own names, then other plain names, then billing. */
function byLikelihood(a: ColumnMatch, b: ColumnMatch): number {
  return familyRank(a) - familyRank(b) || a.rank - b.rank || a.at - b.at;
}

function familyRank({ family, isExact }: ColumnMatch): number {
  if (family === 'own') return isExact ? 1 : 2;
  return family === 'shipping' ? 0 : 3;
}

function likelier(a: ColumnMatch | undefined, b: ColumnMatch): boolean {
  return a !== undefined && familyRank(a) < familyRank(b);
}

/** @returns first and last name of the likeliest family that has both */
function namePartsOf(found: readonly ColumnMatch[]): readonly ColumnMatch[] {
  for (const family of ['shipping', 'own', 'billing'] as const) {
    const first = found.find((one) => one.role === 'first' && one.family === family);
    const last = found.find((one) => one.role === 'last' && one.family === family);
    if (first && last) return [first, last];
  }
  return [];
}

/** @returns the columns of an address: street, second line, city and postcode */
function addressOf(street: ColumnMatch, found: readonly ColumnMatch[]): number[] {
  const mates = found.filter(({ family }) => family === street.family);
  const isFirstLine = /1$/.test(names.address.split(' ')[street.rank] ?? '');
  const line2 = isFirstLine ? indexesOf(mates.find(({ role }) => role === 'line2')) : [];
  const town = (['city', 'zip'] as const).flatMap((role) =>
    indexesOf(mates.find((one) => one.role === role)),
  );
  return [street.at, ...line2, ...town.sort((a, b) => a - b)];
}

function indexesOf(found: ColumnMatch | undefined): number[] {
  return found ? [found.at] : [];
}
