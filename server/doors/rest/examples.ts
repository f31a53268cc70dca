/** Examples in REST's documentation. */

import type { Device } from '../../../protocol/devices.ts';
import type { Profile } from '../../../protocol/profile.ts';
import type { Repeat } from '../../../protocol/repeats.ts';

export const order = { store: 'red', orderID: 'mi8qe', customer: 'Hulda Parker', address: '835 Meluk Pass' };
export const time = '2026-11-20T18:03:11.246Z';
export const written = { ok: true, seq: 42, rev: 1, status: 'ready', time, store: 'red', orderID: 'mi8qe' };
export const link = 'http://localhost:3000/track/trk_…';
export const record = {
  seq: 42,
  event: 'pickup',
  time,
  status: 'ready',
  rev: 1,
  payload: order,
  by: { role: 'vendor', id: 'red' },
  via: 'rest',
  holder: null,
};
/** All that a driver may meet: where the stream begins, a record, a cursor of another log, an offer that is none any more. */
export const streamed = [
  'id: 68f32d118257.41',
  `id: 68f32d118257.42\ndata: ${JSON.stringify(record)}`,
  'event: reset\ndata: {"reason":"bad-cursor"}',
  'id: 68f32d118257.42',
  'event: gone\ndata: [{"store":"red","orderID":"mi8qe","by":"Ana"}]',
  'id: 68f32d118257.43',
  '',
].join('\n\n');
export const parcel = {
  payload: order,
  status: 'ready',
  rev: 1,
  attempts: 0,
  createdAt: time,
  changedAt: time,
};
export const connection = {
  id: '0199e5a0-…',
  role: 'driver',
  who: 'ana',
  name: 'Ana',
  door: 'socket.io',
  since: time,
  lastSeen: time,
  duty: 'on',
};

export const profile: Profile = {
  name: 'Zoë’s flowers',
  phone: '+1 206 555 0199',
  email: 'zoe@flowers.example',
  address: '1206 Pike Street',
  hours: 'Mon–Sat 9–18',
};
export const repeat: Repeat = {
  id: 'KXTRNA',
  rule: 'FREQ=WEEKLY;BYDAY=TU',
  from: '2026-12-01',
  start: '09:00',
  end: '12:00',
  timeZone: 'Europe/Berlin',
  order: { customer: 'Café Anna', address: 'Rosenweg 14, Köln', note: 'At the back door' },
  next: '2026-12-01',
};
export const webhook = {
  ...{ id: 'wh_5f0c3a9d1b9d6bcd', store: 'red', url: 'https://shop.example/hooks/caps' },
  ...{ createdAt: time, status: 'active', seq: 42, behind: 0 },
};
export const delivery = { time, seq: 42, event: 'delivered', status: 204, ms: 87 };
export const device: Device = {
  ...{ id: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', hub: '5f0c3a9d', connected: true, connectedAt: time },
  ...{ lastSeen: time, position: { lat: 45.02156165, lon: 8.156484 }, status: 'RUNNING', battery: 67 },
  reportedAt: time,
};
export const fine = "FINE. I'M HERE 45.02156165 8.156484, RUNNING AND CHARGED AT 67%.";
export const key = { id: '5f0c3a9d1b7e2468', role: 'driver', driver: 'ana', name: 'Ana', createdAt: time };
/** What a driver may send of a delivery. */
export const proofs = {
  photo: { kind: 'photo', blob: '5e884898da28047d'.repeat(4), rev: 4 },
  pin: { kind: 'pin', text: '0412', rev: 3 },
};
export const blob = {
  hash: '5e884898da28047d'.repeat(4),
  type: 'image/jpeg',
  bytes: 181_204,
  width: 1_280,
  height: 960,
};
