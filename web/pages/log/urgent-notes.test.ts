import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { UrgentNotes } from './urgent-notes.ts';

let notes: UrgentNotes;
/** History, by search; nothing while the hub is away. */
let answers: Record<string, CapsRecord[]>;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 0));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  answers = {};
  notes = new UrgentNotes(({ q = '' }) => {
    const items = answers[q];
    return items ? Promise.resolve({ items, next: '', prev: null }) : Promise.reject(new Error('away'));
  });
});
afterEach(() => {
  notes.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function record(event: 'note' | 'proof' | 'seen', rev: number, details: CapsRecord['details']): CapsRecord {
  const driver = { role: 'driver', id: 'ana', name: 'Ana' } as const;
  const admin = { role: 'admin', id: 'admin' } as const;
  return {
    ...{
      seq: rev,
      event,
      rev,
      details,
      time: '2026-11-30T12:00:00Z',
      status: 'in-transit',
      via: 'socket.io',
    },
    payload: { store: 'red', orderID: '1', customer: 'Hulda', address: '9 Elm Street' },
    by: event === 'note' ? driver : admin,
  } as CapsRecord;
}

const urgent = (rev: number, text = 'No bridge') => record('note', rev, { text, urgent: true });
const seen = (rev: number) => record('seen', rev + 1, { rev });

function shown(): string[] {
  vi.runAllTimers();
  return notes.state.get().map(({ by, text }) => `${by}: ${text}`);
}

it('shows an urgent note until dispatch has seen it', () => {
  notes.add([record('note', 2, { text: 'Ring twice' }), urgent(3)]);
  expect(shown()).toEqual(['Ana: No bridge']);
  notes.add([seen(3)]);
  expect(shown()).toEqual([]);
  notes.add([urgent(5, 'No bridge either')]);
  expect(shown()).toEqual(['Ana: No bridge either']);
});

it('does not bring back what was seen when history arrives late', () => {
  notes.add([seen(3)]);
  notes.add([urgent(3)]);
  expect(shown()).toEqual([]);
  notes.add([urgent(6, 'new')]);
  notes.add([urgent(3, 'old')]);
  expect(shown()).toEqual(['Ana: new']);
  notes.restart();
  expect(shown()).toEqual([]);
});

it('shows that five PINs were wrong, as an urgent note', () => {
  const wrong = (tries: number) => record('proof', tries + 3, { kind: 'pin', text: 'wrong', rev: 3, tries });
  notes.add([1, 2, 3, 4].map(wrong));
  expect(shown()).toEqual([]);
  notes.add([wrong(5)]);
  expect(shown()).toHaveLength(1);
  expect(notes.state.get()).toMatchObject([{ rev: 8, about: 'pin' }]);
  notes.add([seen(8)]);
  expect(shown()).toEqual([]);
});

it('shows wrong PINs and a driver’s urgent note together, however they are read', () => {
  const wrong = record('proof', 8, { kind: 'pin', text: 'wrong', rev: 3, tries: 5 });
  for (const records of [
    [wrong, urgent(9, 'No bell')],
    [urgent(9, 'No bell'), wrong],
  ]) {
    notes.restart();
    notes.add(records);
    expect(shown()).toHaveLength(1);
    expect(notes.state.get()).toMatchObject([{ rev: 9, text: 'No bell', about: 'pin' }]);
  }
  notes.add([seen(9), urgent(11, 'Fog')]);
  expect(shown()).toHaveLength(1);
  expect(notes.state.get()).toMatchObject([{ rev: 11, text: 'Fog', about: undefined }]);
});

it('reads earlier notes once, and again after a failure or in another log', async () => {
  await notes.read();
  expect(shown()).toEqual([]);
  answers = {
    'event:note': [urgent(3, 'early'), record('note', 4, { text: 'Ring twice' })],
    'event:proof wrong': [],
    'event:seen': [],
  };
  await notes.read();
  expect(shown()).toEqual(['Ana: early']);
  answers = { 'event:note': [urgent(5, 'again')], 'event:proof wrong': [], 'event:seen': [] };
  await notes.read();
  expect(shown()).toEqual(['Ana: early']);
  notes.restart();
  await notes.read();
  expect(shown()).toEqual(['Ana: again']);
});
