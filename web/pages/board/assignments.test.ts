import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { NewCommand } from '../../../client/outbox.ts';
import type { Status } from '../../../protocol/events.ts';
import type { Answer, CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { Assignments, type ChosenParcel, undoMs } from './assignments.ts';
import { type BoardRow, BoardRows, keyOfParcel } from './board-rows.ts';

const noon = '2026-11-30T12:00:00.000Z';
const carl = { id: 'carl', name: 'Carl' };

let rows: BoardRows;
let sent: NewCommand[];
let answer: (command: NewCommand) => Answer;
let assignments: Assignments;

beforeEach(() => {
  vi.useFakeTimers();
  rows = new BoardRows();
  sent = [];
  answer = () => ({ ok: true, seq: 9, rev: 2, status: 'claimed', time: noon });
  assignments = new Assignments({
    client: {
      command(command) {
        sent.push(command);
        return Promise.resolve(answer(command));
      },
    },
    rowOf: (key) => rows.get(key),
    changed: () => {},
  });
});
afterEach(() => {
  assignments.close();
  vi.useRealTimers();
});

function place(
  orderID: string,
  holder?: ParcelView['holder'],
  rev = 1,
  status: Status = holder ? 'claimed' : 'ready',
): BoardRow {
  const payload = { store: 'red', orderID, customer: 'Hulda', address: '9 Elm Street' };
  rows.addView({ payload, status, holder, rev, attempts: 0, createdAt: noon, changedAt: noon });
  const row = rows.get(keyOfParcel(payload));
  if (!row) throw new Error('The row is not there.');
  return row;
}

function recordOf(row: BoardRow, rev: number, change: Partial<CapsRecord>): CapsRecord {
  return {
    seq: rev,
    event: 'reassigned',
    time: noon,
    status: 'claimed',
    rev,
    payload: row.view.payload,
    by: { role: 'admin', id: 'admin' },
    via: 'socket.io',
    ...change,
  };
}

/** The parcels as dispatch chose them. */
function chosen(...all: readonly BoardRow[]): ChosenParcel[] {
  return all.map(({ key, view }) => ({ key, wasHeld: view.holder !== undefined }));
}

const said = () => sent.map(({ event, details }) => [event, details]);
const refusal: Answer = {
  ok: false,
  error: { code: 'wrong-status', message: 'The parcel is claimed.', retryable: false },
};

it('claims what is on offer, reassigns what is held, and leaves what is already theirs', async () => {
  await assignments.assign(chosen(place('1'), place('2', { id: 'ana' }), place('3', { id: 'carl' })), carl);
  expect(said()).toEqual([
    ['claimed', { driver: 'carl', name: 'Carl' }],
    ['reassigned', { driver: 'carl', name: 'Carl' }],
  ]);
  expect(assignments.outcome).toMatchObject({ pending: 0, lost: [], state: 'undoable' });
  expect(assignments.outcome?.assigned).toHaveLength(2);
});

it('leaves out and names what a driver took after it was chosen, but not what was held then', async () => {
  const parcels = chosen(place('1'), place('2'), place('3', { id: 'ana' }), place('4'));
  expect(assignments.look(parcels).free).toHaveLength(4);
  place('2', { id: 'gil' }, 2);
  place('3', { id: 'ben' }, 2);
  place('4', carl, 2);
  expect(assignments.look(parcels).free.map(({ view }) => view.payload.orderID)).toEqual(['1', '3']);
  await assignments.assign(parcels, carl);
  expect(sent.map(({ event, payload }) => [event, payload.orderID])).toEqual([
    ['claimed', '1'],
    ['reassigned', '3'],
  ]);
  expect(assignments.outcome?.assigned).toHaveLength(2);
  expect(assignments.outcome?.lost).toMatchObject([{ row: { key: parcels[1]?.key }, winner: 'gil' }]);
  // Chosen anew, it is given on purpose.
  await assignments.assign(chosen(place('2', { id: 'gil' }, 2)), carl);
  expect(said().at(-1)).toEqual(['reassigned', { driver: 'carl', name: 'Carl' }]);
});

it('says so, too, when a driver has taken all of them', async () => {
  const parcels = chosen(place('1'));
  place('1', { id: 'gil' }, 2);
  await assignments.assign(parcels, carl);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(undoMs);
  expect(assignments.outcome?.lost).toMatchObject([{ isLeftOut: true, winner: 'gil' }]);
});

it('takes back what it assigned, each by its record', async () => {
  await assignments.assign(chosen(place('1'), place('2')), carl);
  await assignments.undo();
  expect(said().slice(2)).toEqual([
    ['corrected', { rev: 2 }],
    ['corrected', { rev: 2 }],
  ]);
  expect(assignments.outcome?.state).toBe('undone');
  await assignments.undo();
  expect(sent).toHaveLength(4);
});

it('says in a person’s words that a parcel has moved on, and cannot be taken back', async () => {
  const parcels = chosen(place('1'), place('2'));
  await assignments.assign(parcels, carl);
  const message = 'Only the latest change can be taken back, and that is number 3.';
  answer = () => ({ ok: false, error: { code: 'wrong-status', message, retryable: false } });
  place('1', carl, 3, 'in-transit');
  rows.addRecord(recordOf(place('2', carl, 3, 'in-transit'), 4, { event: 'delivered', status: 'delivered' }));
  await assignments.undo();
  expect(assignments.outcome?.lost.map(({ why }) => why)).toEqual([
    'It has moved on since: In transit',
    'It has been finished since.',
  ]);
  expect(assignments.outcome?.assigned).toEqual([]);
});

it('can be taken back for 20 seconds', async () => {
  await assignments.assign(chosen(place('1')), carl);
  vi.advanceTimersByTime(undoMs - 1);
  expect(assignments.outcome?.state).toBe('undoable');
  vi.advanceTimersByTime(1);
  expect(assignments.outcome).toBeUndefined();
  await assignments.undo();
  expect(sent).toHaveLength(1);
});

it('tells who was faster when another dispatcher gave the parcel away first', async () => {
  const row = place('1');
  answer = () => {
    // The feed has brought the other dispatcher's record.
    place('1', { id: 'ben', name: 'Ben' }, 2);
    return refusal;
  };
  await assignments.assign(chosen(row), carl);
  expect(assignments.outcome?.assigned).toEqual([]);
  expect(assignments.outcome?.lost).toMatchObject([{ row, winner: 'Ben' }]);
  // It stays until somebody has read it.
  vi.advanceTimersByTime(undoMs);
  expect(assignments.outcome?.lost).toHaveLength(1);
  assignments.dismiss();
  expect(assignments.outcome).toBeUndefined();
});

it('tells who overruled an assignment, and does not take that back', async () => {
  const [one, two] = [place('1'), place('2')];
  await assignments.assign(chosen(one, two), carl);
  assignments.recordsCame([recordOf(one, 3, { holder: { id: 'ben', name: 'Ben' } })]);
  expect(assignments.outcome?.lost).toMatchObject([{ row: one, winner: 'Ben' }]);
  await assignments.undo();
  expect(sent.slice(2).map(({ payload }) => payload.orderID)).toEqual(['2']);
});

it('is not overruled by its own record, or by the driver', async () => {
  const row = place('1');
  await assignments.assign(chosen(row), carl);
  assignments.recordsCame([
    recordOf(row, 2, { event: 'claimed', holder: carl }),
    recordOf(row, 3, { event: 'in-transit', by: { role: 'driver', id: 'carl' }, holder: carl }),
    recordOf(row, 4, { event: 'note' }),
  ]);
  expect(assignments.outcome?.lost).toEqual([]);
});

it('says why a parcel was refused, and gives the others', async () => {
  answer = ({ payload }) =>
    payload.orderID === '1'
      ? { ok: false, error: { code: 'unavailable', message: 'The disk is full.', retryable: true } }
      : { ok: true, seq: 9, rev: 2, status: 'claimed', time: noon };
  await assignments.assign(chosen(place('1'), place('2')), carl);
  expect(assignments.outcome?.assigned).toHaveLength(1);
  expect(assignments.outcome?.lost).toMatchObject([{ winner: undefined, why: 'The disk is full.' }]);
});

it('takes a step for several, says which was refused, and takes the others back', async () => {
  const ids = [place('1', carl), place('2', carl)].map(({ key }) => key);
  answer = ({ payload }) =>
    payload.orderID === '1'
      ? { ok: false, error: { code: 'wrong-status', message: 'It is ready.', retryable: false } }
      : { ok: true, seq: 9, rev: 2, status: 'ready', time: noon };
  await assignments.take(ids, 'released');
  expect(sent.map(({ event }) => event)).toEqual(['released', 'released']);
  expect(assignments.outcome).toMatchObject({ driver: undefined, pending: 0, assigned: [{ rev: 2 }] });
  // Nobody won it: it only did not fit.
  expect(assignments.outcome?.lost).toMatchObject([{ winner: undefined, why: 'It is ready.' }]);
  await assignments.undo();
  expect(sent.at(-1)).toMatchObject({ event: 'corrected', payload: { orderID: '2' }, details: { rev: 2 } });
  expect(assignments.outcome?.state).toBe('undone');
});
