import { expect, it } from 'vitest';
import {
  eventNamed,
  isDriversQueue,
  mayBeTalk,
  requestNamed,
  spellingsLike,
  spellingsOf,
} from './dialects.ts';

it.each([
  ['pickup', 'pickup'],
  ['PICKUP', 'pickup'],
  ['in-transit', 'in-transit'],
  ['IN_TRANSIT', 'in-transit'],
  ['inTransit', 'in-transit'],
  ['In-Transit', 'in-transit'],
  ['DELIVERED', 'delivered'],
  ['ATTEMPT_FAILED', 'attempt-failed'],
  ['join', undefined],
  ['__proto__', undefined],
  ['', undefined],
])('an event spelled "%s" is %s', (spelling, event) => expect(eventNamed(spelling)).toBe(event));

it('an event is told in every spelling to who has used none, and else in theirs', () => {
  expect(spellingsOf('in-transit')).toEqual(
    expect.arrayContaining(['in-transit', 'IN_TRANSIT', 'transit', 'in-transit-heard']),
  );
  expect(spellingsOf('returned')).toEqual(['returned', 'RETURNED']);
  expect(spellingsLike('in-transit', new Set(['TRANSIT']))).toEqual([
    ...['in-transit', 'TRANSIT', 'in-transit-heard'],
  ]);
});

it.each([
  ['getAll', 'queue'],
  ['GET_ALL', 'queue'],
  ['driverGETALL', 'offers'],
  ['catchUp-pickUps', 'offers'],
  ['catchup-delivery', 'deliveries'],
  ['JOIN', 'join'],
  ['recieved', 'received'],
  ['message', undefined],
  ['constructor', undefined],
  ['', undefined],
])('"%s" asks for %s', (word, request) => expect(requestNamed(word)).toBe(request));

it('nobody may talk in our own words, or the libraries’', () => {
  const words = ['message', 'error', 'connect', 'disconnect', 'events', '', 'x'.repeat(129)];
  expect(words.filter(mayBeTalk)).toEqual(['message']);
});

it('drivers’ queues are known by their name', () => {
  expect(['driver', 'DRIVER', 'Drivers', 'driver-in', 'red'].map(isDriversQueue)).toEqual([
    ...[true, true, true, false, false],
  ]);
});
