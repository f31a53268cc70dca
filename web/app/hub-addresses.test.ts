import { expect, it } from 'vitest';
import { addressesFrom } from './hub-addresses.ts';

const known = ['http://192.168.1.5:3001', 'http://localhost:3001'];

it.each([
  ['one that the hub knows', 'http://192.168.1.5:3001', known],
  ['a balancer’s', 'http://192.168.1.5', ['http://192.168.1.5', ...known]],
  ['one over HTTPS', 'https://hub.example.com', ['https://hub.example.com', ...known]],
  ['one that only this machine can reach', 'http://127.0.0.1:8080', known],
])('the page’s own address comes first where other devices can use it: %s', (_, origin, shown) => {
  expect(addressesFrom(origin, known)).toEqual(shown);
});

it('a hub that tells strangers nothing stays so', () => {
  expect(addressesFrom('http://192.168.1.5', [])).toEqual([]);
});
