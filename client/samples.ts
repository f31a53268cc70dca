/**
 * Made-up people and orders, without a package: the pages use faker, which is large and which the terminal programs do
 * not need.
 */

const people = 'Ada Ben Chloé Dara Emil Fay Gus Hulda Ivo June Kai Lena Milo Nora Otto Zoë'.split(' ');
const families = 'Abe Berg Cruz Diaz Evans Fox Gray Hill Ito Jones Kim Lopez Moss Novak Okoro Parker'.split(
  ' ',
);
const streets = 'Elm Street,Meluk Pass,Pike Road,Harbour Lane,Station Square,Mill Row,Long Road,Park Way';
const goods = 'flowers books bread coffee toys shoes plants cheese tea records'.split(' ');

export function sampleCustomer(): { customer: string; address: string } {
  return {
    customer: `${oneOf(people)} ${oneOf(families)}`,
    address: `${between(1, 999)} ${oneOf(streets.split(','))}`,
  };
}

/** Random enough that two machines seldom share one. */
export function sampleStore(): string {
  return `1-${between(200, 999)}-${oneOf(goods)}`;
}

/** Random enough that two machines seldom share one. */
export function sampleDriver(): string {
  const name = oneOf(people)
    .normalize('NFD')
    .replace(/\P{ASCII}/gu, '');
  return `${name.toLowerCase()}-${between(100, 999)}`;
}

/** Short enough to read out over the phone. */
export function sampleOrderId(): string {
  const letters = 'abcdefghijkmnopqrstuvwxyz0123456789';
  return Array.from({ length: 6 }, () => oneOf(letters)).join('');
}

function between(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}

function oneOf(list: ArrayLike<string>): string {
  return list[between(0, list.length - 1)] ?? '';
}
