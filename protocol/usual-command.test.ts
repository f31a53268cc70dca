import { expect, it } from 'vitest';
import { compareChecks } from '../testkit/command-checks.ts';
import { usualCommand } from './usual-command.ts';

const pickup = {
  event: 'pickup',
  payload: { store: 'red', orderID: '42', customer: 'Hulda Parker', address: '835 Meluk Pass' },
};

it('takes a pickup, a collection and a delivery as clients send them', () => {
  const id = '0193e4a1-7a52-7c11-8f4e-2b7c8d9e0f1a';
  const occurredAt = '2026-11-30T12:00:00.000Z';
  expect(usualCommand({ id, occurredAt, ...pickup })).toEqual({ id, occurredAt, ...pickup });
  for (const event of ['in-transit', 'delivered']) {
    const command = { event, payload: { store: 'red', orderID: '42' }, id };
    expect(usualCommand(command)).toEqual(command);
  }
});

it.each([
  ['a name with an umlaut', { ...pickup, payload: { ...pickup.payload, customer: 'Zoë' } }],
  ['a key that is not known', { ...pickup, payload: { ...pickup.payload, weight: 3 } }],
  ['details', { ...pickup, details: {} }],
  ['an id that the hub makes up', { ...pickup, payload: { ...pickup.payload, orderID: '42~2' } }],
  ['another event', { event: 'cancelled', payload: { store: 'red', orderID: '42' } }],
  ['no object at all', 'pickup'],
])('leaves %s to the schema', (_, command) => {
  expect(usualCommand(command)).toBeUndefined();
});

it('agrees with the schema on whatever it takes', () => {
  const { taken } = compareChecks(50_000, 20_261_130);
  // A comparison that nothing reaches would prove nothing.
  expect(taken).toBeGreaterThan(5_000);
});
