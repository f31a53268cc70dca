import { describe, expect, test } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { Ring } from './ring.ts';

function record(seq: number, more: Partial<CapsRecord> = {}): CapsRecord {
  return {
    seq,
    event: 'pickup',
    time: new Date(Date.UTC(2026, 10, 20) + seq).toISOString(),
    status: 'ready',
    rev: 1,
    payload: { store: 'red', orderID: `o${seq}`, customer: 'Hulda', address: '835 Meluk Pass' },
    by: { role: 'vendor', id: 'red' },
    via: 'socket.io',
    ...more,
  };
}

const rich = record(2, {
  event: 'attempt-failed',
  status: 'failed',
  rev: 4,
  payload: { store: 'blue', orderID: 'x', customer: 'Zoë', address: 'Elm', dueAt: 'soon', gift: { of: [1] } },
  details: { reason: 'not-home' },
  by: { role: 'driver', id: 'ana', name: 'Ana' },
  via: 'tcp',
  occurredAt: '2026-11-20T18:02:59.001Z',
});

describe('records in columns', () => {
  test('are read as they were written', () => {
    const ring = new Ring(0, { max: 8, textMax: 1_000 });
    ring.append(record(1));
    ring.append(rich);
    expect(ring.at(1)).toEqual(record(1));
    expect(ring.at(2)).toEqual(rich);
    expect(ring.at(3)).toBeUndefined();
  });

  test('may have an event, a status and a door that this page does not know', () => {
    const later = JSON.parse(
      JSON.stringify({ ...rich, event: 'weighed', status: 'stored', via: 'pigeon' }),
    ) as CapsRecord;
    const ring = new Ring(0, { max: 8, textMax: 1_000 });
    ring.append(record(1));
    ring.append(later);
    ring.append(record(3));
    expect([1, 2, 3].map((seq) => ring.at(seq))).toEqual([record(1), later, record(3)]);
    expect(ring.find('attempt-failed', 3, -1)).toBeUndefined();
  });

  test('have a bounded number of names', () => {
    const ring = new Ring(0, { max: 1_000, textMax: 100_000 });
    for (let seq = 1; seq <= 600; seq += 1) {
      ring.append(JSON.parse(JSON.stringify(record(seq)).replace('pickup', `e${seq}`)) as CapsRecord);
    }
    expect([ring.at(1)?.event, ring.at(600)?.event]).toEqual(['e1', 'e256']);
  });

  test('are overwritten by newer ones completely', () => {
    const ring = new Ring(1, { max: 4, textMax: 1_000 });
    ring.append(rich);
    for (let seq = 3; seq <= 6; seq += 1) ring.append(record(seq));
    expect([ring.first, ring.last]).toEqual([3, 6]);
    expect(ring.at(2)).toBeUndefined();
    expect(ring.at(6)).toEqual(record(6));
  });

  test('are fewer if they are long, so that memory is bounded', () => {
    const ring = new Ring(0, { max: 1_000, textMax: 1_000 });
    const payload = { store: 'red', orderID: 'o', customer: 'x'.repeat(300), address: 'y' };
    for (let seq = 1; seq <= 50; seq += 1) ring.append(record(seq, { payload }));
    expect([ring.first, ring.last]).toEqual([48, 50]);
  });

  test('are appended without a gap, and older ones are added in front', () => {
    const ring = new Ring(10, { max: 6, textMax: 1_000 });
    expect(() => ring.append(record(12))).toThrow('record 12 follows 10');
    ring.append(record(11));
    ring.prepend([record(7), record(8)]);
    expect(ring.first).toBe(11);
    ring.prepend([8, 9, 10, 11].map((seq) => record(seq)));
    expect([ring.first, ring.last]).toEqual([8, 11]);
    ring.prepend([5, 6, 7].map((seq) => record(seq)));
    expect(ring.first).toBe(6);
    expect(ring.at(6)).toEqual(record(6));
  });

  test('are found by event in both directions', () => {
    const ring = new Ring(0, { max: 100, textMax: 10_000 });
    for (let seq = 1; seq <= 30; seq += 1) {
      ring.append(record(seq, seq % 10 === 0 ? { event: 'attempt-failed' } : {}));
    }
    expect(ring.find('attempt-failed', 10, 1)).toBe(20);
    expect(ring.find('attempt-failed', 10, -1)).toBeUndefined();
    expect(ring.find('attempt-failed', 31, -1)).toBe(30);
    expect(ring.find('note', 1, 1)).toBeUndefined();
  });
});
