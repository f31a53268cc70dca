import { describe, expect, test } from 'vitest';
import type { EventName, Status } from '../../protocol/events.ts';
import type { Author, CapsRecord, ParcelView } from '../../protocol/messages.ts';
import { recordOf, withRecord, withView } from './parcels.ts';

const payload = { store: 'red', orderID: 'a1', customer: 'Zoë', address: '12 Elm Street' };
const shop: Author = { role: 'vendor', id: 'red' };
const ana: Author = { role: 'driver', id: 'ana' };
const ben: Author = { role: 'driver', id: 'ben', name: 'Ben' };

function record(rev: number, event: EventName, status: Status, by: Author, details = {}): CapsRecord {
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, rev)).toISOString();
  return { seq: rev, event, time, status, rev, payload, by, details, via: 'socket.io' };
}

function fold(records: readonly CapsRecord[]): ParcelView | undefined {
  let known: ReturnType<typeof withRecord> | undefined;
  for (const one of records) known = withRecord(known, one);
  return known?.view;
}

test('a parcel’s life from pickup to delivery', () => {
  const view = fold([
    record(1, 'pickup', 'ready', shop),
    record(2, 'claimed', 'claimed', ben),
    record(3, 'in-transit', 'in-transit', ben),
    record(4, 'delivered', 'delivered', ben),
  ]);
  expect(view).toMatchObject({ status: 'delivered', rev: 4, holder: { id: 'ben', name: 'Ben' } });
  expect(view?.createdAt).toBe('2026-01-01T00:00:01.000Z');
  expect(view?.changedAt).toBe('2026-01-01T00:00:04.000Z');
});

test('older data never overwrites newer data', () => {
  const late = withRecord(undefined, record(3, 'in-transit', 'in-transit', ana));
  expect(withRecord(late, record(2, 'claimed', 'claimed', ana))).toBe(late);
  expect(withView(late, { ...late.view, rev: 2, status: 'claimed' }).view).toEqual(late.view);
  expect(withView(late, { ...late.view, rev: 4, status: 'delivered' }).view.status).toBe('delivered');
});

test('undoing a release restores the holder', () => {
  const view = fold([
    record(1, 'pickup', 'ready', shop),
    record(2, 'claimed', 'claimed', ben),
    record(3, 'released', 'ready', ben),
    record(4, 'corrected', 'claimed', ben, { rev: 3 }),
  ]);
  expect(view).toMatchObject({ status: 'claimed', holder: { id: 'ben' } });
});

test('a failed attempt is counted until it is undone', () => {
  const failed = [
    record(1, 'pickup', 'ready', shop),
    record(2, 'in-transit', 'in-transit', ana),
    record(3, 'attempt-failed', 'failed', ana, { reason: 'not-home' }),
  ];
  expect(fold(failed)?.attempts).toBe(1);
  expect(fold([...failed, record(4, 'corrected', 'in-transit', ana, { rev: 3 })])?.attempts).toBe(0);
});

test('an undo of a change that this page did not see', () => {
  const met = withRecord(undefined, record(5, 'in-transit', 'in-transit', ana));
  const back = withRecord(met, record(8, 'corrected', 'claimed', ana, { rev: 7 }));
  expect(back.view).toMatchObject({ status: 'claimed', holder: { id: 'ana' } });
  expect(withRecord(met, record(8, 'corrected', 'ready', ana, { rev: 7 })).view.holder).toBeUndefined();
});

test('a claim by dispatch for a driver names the driver as holder', () => {
  const admin: Author = { role: 'admin', id: 'admin' };
  const view = fold([
    record(1, 'pickup', 'ready', shop),
    record(2, 'claimed', 'claimed', admin, { driver: 'ana', name: 'Ana' }),
  ]);
  expect(view?.holder).toEqual({ id: 'ana', name: 'Ana' });
});

/** An event of a newer hub. */
const unknown = 'photo-added' as EventName;

test('an unknown event keeps the undo point, unless it changes the status', () => {
  const claimed = [record(1, 'pickup', 'ready', shop), record(2, 'claimed', 'claimed', ana)];
  const before = claimed.reduce<ReturnType<typeof withRecord> | undefined>(withRecord, undefined);
  const added = withRecord(before, record(3, unknown, 'claimed', ana));
  expect(added.before).toEqual(before?.before);
  expect(added.view).toMatchObject({ status: 'claimed', rev: 3, holder: { id: 'ana' } });
  const moved = withRecord(before, record(3, unknown, 'in-transit', ana));
  expect([moved.view.status, moved.before]).toEqual(['in-transit', undefined]);
});

test('a note changes only rev', () => {
  const before = withRecord(undefined, record(1, 'pickup', 'ready', shop));
  const after = withRecord(before, record(2, 'note', 'ready', shop, { text: 'Ring twice' }));
  expect(after.view).toEqual({ ...before.view, rev: 2 });
});

test('a view completes missed records, whether it is older or newer than them', () => {
  const [first, ...later] = [
    record(1, 'pickup', 'ready', shop),
    record(2, 'in-transit', 'in-transit', ben),
    record(3, 'attempt-failed', 'failed', ben, { reason: 'not-home' }),
    record(4, 'retried', 'in-transit', ben),
    record(5, 'note', 'in-transit', ana, { text: 'Ring twice' }),
    record(6, 'delivered', 'delivered', ben),
  ];
  const whole = fold([...(first ? [first] : []), ...later]);
  const views = later.map((_, i) => fold([...(first ? [first] : []), ...later.slice(0, i + 1)]));
  for (const from of later.keys()) {
    for (const view of views.slice(Math.max(0, from - 1))) {
      let met: ReturnType<typeof withRecord> | undefined;
      for (const one of later.slice(from)) met = withRecord(met, one);
      if (view) expect(withView(met, view).view).toEqual(whole);
    }
  }
});

describe('an amendment', () => {
  const placed = record(1, 'pickup', 'ready', shop);
  const elsewhere = { ...placed.payload, address: 'Elsewhere' };
  const amended = (rev: number, status: Status) => ({
    ...record(rev, 'amended', status, shop, { address: 'Elsewhere' }),
    payload: elsewhere,
    holder: { id: 'ana', name: 'Ana' },
  });

  test('changes the order, and is unseen until the holder confirms it', () => {
    const held = withRecord(withRecord(undefined, placed), record(2, 'claimed', 'claimed', ana));
    const changed = withRecord(held, amended(3, 'claimed'));
    expect(changed.view).toMatchObject({
      payload: elsewhere,
      unseen: { was: { address: placed.payload.address } },
    });
    expect(changed.before).toEqual(held.before);
    const seen = { ...record(4, 'seen', 'claimed', ana, { rev: 3 }), payload: elsewhere };
    expect(withRecord(changed, seen).view).toMatchObject({ payload: elsewhere, unseen: undefined });
  });

  test('that comes behind the answer to a later step of this page is not lost', () => {
    const held = withRecord(withRecord(undefined, placed), record(2, 'claimed', 'claimed', ana));
    const answer = {
      ok: true,
      seq: 4,
      rev: 4,
      status: 'in-transit',
      time: '2026-11-20T18:05:00.000Z',
    } as const;
    const own = recordOf({ event: 'in-transit', payload: held.view.payload }, answer, ana, held.view);
    const moved = withRecord(held, own);
    expect(moved.view).toMatchObject({ status: 'in-transit', rev: 4, payload: placed.payload });
    const told = withRecord(moved, amended(3, 'claimed'));
    expect(told.view).toMatchObject({ status: 'in-transit', rev: 4, payload: elsewhere, unseen: { rev: 3 } });
    expect(withRecord(told, amended(3, 'claimed'))).toBe(told);
  });

  test('is unseen again after an undo of the step behind it', () => {
    const held = withRecord(withRecord(undefined, placed), record(2, 'in-transit', 'in-transit', ana));
    const changed = withRecord(held, amended(3, 'in-transit'));
    const over = withRecord(changed, { ...record(4, 'delivered', 'delivered', ana), payload: elsewhere });
    expect(over.view.unseen).toBeUndefined();
    const back = { ...record(5, 'corrected', 'in-transit', ana, { rev: 4 }), payload: elsewhere };
    expect(withRecord(over, back).view).toMatchObject({ unseen: { rev: 3 }, payload: elsewhere });
  });

  test('is in the record that the page makes of the answer', () => {
    const held = withRecord(undefined, placed);
    const answer = { ok: true, seq: 2, rev: 2, status: 'ready', time: '2026-11-20T18:05:00.000Z' } as const;
    const command = { event: 'amended', payload: placed.payload, details: { address: 'Elsewhere' } } as const;
    expect(withRecord(held, recordOf(command, answer, shop, held.view)).view.payload).toEqual(elsewhere);
  });
});
