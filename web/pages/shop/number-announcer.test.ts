import { expect, test } from 'vitest';
import { NumberAnnouncer } from './number-announcer.ts';

const order = { store: 'red', customer: 'Zoë', address: '12 Elm Street' };

test('one order that got another number is announced by its customer, several by how many they are', () => {
  let speak = () => '';
  const announcer = new NumberAnnouncer({
    say: (_topic, sentence) => {
      speak = sentence;
    },
  });
  announcer.add({ ...order, orderID: '1003' }, '1001');
  expect(speak()).toBe('The order for Zoë is now 1003: 1001 was taken.');
  announcer.add({ ...order, orderID: '1004' }, '1002');
  announcer.add({ ...order, orderID: '1006' }, '1005');
  expect(speak()).toBe('2 orders got other numbers.');
});
