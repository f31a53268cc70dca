import { expect, it } from 'vitest';
import { parseCommand, parseHandshake } from './messages.ts';

const key = { store: 'red', orderID: '1' };
const order = { ...key, customer: 'Hulda', address: '835 Meluk Pass' };
const pickup = (more: object) => () => parseCommand({ event: 'pickup', payload: { ...order, ...more } });
const step = (event: string, details: object) => () => parseCommand({ event, payload: key, details });

it.each<[read: () => unknown, said: string]>([
  [pickup({ customer: undefined }), 'payload.customer: Is missing.'],
  [pickup({ customer: 7 }), 'payload.customer: Must be a text.'],
  [pickup({ customer: '' }), 'payload.customer: Is empty.'],
  [pickup({ orderID: 'x'.repeat(129) }), 'payload.orderID: Has more than 128 characters.'],
  [pickup({ orderID: '..' }), 'payload.orderID: Is a place in an address, and no name.'],
  [pickup({ orderID: 'a\nb' }), 'payload.orderID: Has U+000A, a line break or a tab.'],
  [pickup({ dueAt: 'soon' }), 'payload.dueAt: Must be a time with its zone, like 2026-11-20T10:00:00Z.'],
  [
    step('delivered', { outcome: 'roof' }),
    'details.outcome: Must be one of recipient, third-party, safe-place, mailbox, other.',
  ],
  [step('corrected', { rev: 0 }), 'details.rev: Must be at least 1.'],
  [step('corrected', { rev: '1' }), 'details.rev: Must be a number.'],
  [step('claimed', { colour: 1 }), 'details.colour: Is not known here.'],
  [() => parseCommand(7), 'Must be an object.'],
  [() => parseCommand({ event: 'claimed' }), 'payload: Is missing.'],
  [
    () => parseHandshake({ protocol: 1, role: 'hub' }),
    'role: Must be one of vendor, driver, admin, customer.',
  ],
  [() => parseHandshake({ protocol: 1, role: 'admin', after: 7 }), 'after: Is not understood.'],
])('what is wrong is said in words: %s', (read, said) => {
  expect(read).toThrow(expect.objectContaining({ code: 'bad-message', message: said }));
});
