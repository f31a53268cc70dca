import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { Actions } from './actions.ts';
import type { HeldParcel } from './held-parcels.ts';
import { heldRows } from './held-rows.ts';
import type { NewProof } from './new-proof.ts';
import { noDraft } from './proof-asks.ts';
import type { HeldRow } from './session-state.ts';
import { Stops } from './stops.ts';

let driver: DriverFixture;
let actions: Actions;
let stops: Stops;
let rows: () => HeldRow[];
const auto = { leaveAlone: vi.fn() };
const claims = { ask: vi.fn() };
const commands = { send: vi.fn(), withdraw: vi.fn() };
const proofs = { take: vi.fn((): NewProof[] => []), draftOf: () => noDraft };
const key = keyOfRed('a');
const known = { view: viewOfRed('a', 'in-transit', 3, 'ana') };
const offer = { view: viewOfRed('b', 'ready', 1) };

/** The driver carries order `a`; order `b` is on offer. */
beforeEach(() => {
  vi.clearAllMocks();
  stubBrowser();
  driver = new DriverFixture();
  const { held, changed } = driver;
  stops = new Stops(changed);
  const shops = { of: () => undefined };
  const storage = { isSaved: () => false };
  rows = () => heldRows(held, { storage, auto: { plan: () => undefined }, stops, shops, proofs });
  actions = new Actions({ driver: 'ana', auto, claims, held, commands, stops, proofs, rows, changed });
  held.learn(key, known);
});
afterEach(() => {
  driver.close();
  restoreBrowser();
});

const show = (toast: HeldParcel['toast']) => driver.held.set(key, { known, pending: [], notes: [], toast });
const sent = () => commands.send.mock.calls.map(([, command, byHand]) => [command, byHand]);

test('Claim asks the hub for an offer', () => {
  actions.claim(offer);
  expect(claims.ask).toHaveBeenCalledWith(offer, true);
});

test('Picked up takes an offer without a claim', () => {
  actions.pickUp(offer);
  expect(sent()).toEqual([[{ event: 'in-transit', payload: { store: 'red', orderID: 'b' } }, true]]);
});

test('a step names the parcel, and says no more of it', () => {
  actions.step(key, { event: 'attempt-failed', reason: 'not-home' });
  const payload = { store: 'red', orderID: 'a' };
  expect(sent()).toEqual([[{ event: 'attempt-failed', payload, details: { reason: 'not-home' } }, true]]);
});

test('what was made for a delivery follows it, and names the record that it is about to make', () => {
  proofs.take.mockReturnValueOnce([
    { kind: 'photo', blob: 'f'.repeat(64) },
    { kind: 'pin', text: '1234' },
  ]);
  commands.send.mockReturnValueOnce('the delivery');
  actions.step(key, { event: 'delivered' });
  const payload = { store: 'red', orderID: 'a' };
  expect(commands.send.mock.calls.slice(1).map(([, command, , after]) => [command, after])).toEqual([
    [{ event: 'proof', payload, details: { kind: 'photo', blob: 'f'.repeat(64), rev: 3 } }, 'the delivery'],
    [{ event: 'proof', payload, details: { kind: 'pin', text: '1234', rev: 3 } }, 'the delivery'],
  ]);
});

test('what was made stays for the next try when a parcel could not be delivered', () => {
  commands.send.mockReturnValueOnce('the attempt');
  actions.step(key, { event: 'attempt-failed', reason: 'not-home' });
  expect(proofs.take).not.toHaveBeenCalled();
});

test('a step on a parcel that is no longer in hand does nothing', () => {
  actions.step(keyOfRed('gone'), { event: 'delivered' });
  expect(sent()).toEqual([]);
});

test('Undo corrects a step that the hub has recorded, by its rev', () => {
  show({ kind: 'undo', text: 'Delivered', by: { rev: 4 } });
  actions.undo(key);
  const payload = { store: 'red', orderID: 'a' };
  expect(sent()).toEqual([[{ event: 'corrected', payload, details: { rev: 4 } }, true]]);
});

test('Undo withdraws a step that has not left the device', () => {
  show({ kind: 'undo', text: 'Delivered', by: { id: 'x' } });
  actions.undo(key);
  expect(commands.withdraw).toHaveBeenCalledWith(key, 'x');
  expect(sent()).toEqual([]);
});

test('Undo does nothing when there is nothing to undo', () => {
  show({ kind: 'news', text: 'The shop called this one off.' });
  actions.undo(key);
  expect([sent(), commands.withdraw.mock.calls]).toEqual([[], []]);
});

test('OK takes the toast off a parcel', () => {
  show({ kind: 'news', text: 'The shop called this one off.' });
  actions.acknowledge(key);
  expect(driver.held.get(key)?.toast).toBeUndefined();
});

test('a note goes to whoever reads the parcel', () => {
  actions.note(key, 'I will.', false);
  const payload = { store: 'red', orderID: 'a' };
  expect(sent()).toEqual([[{ event: 'note', payload, details: { text: 'I will.' } }, true]]);
  commands.send.mockClear();
  actions.note(key, 'Flooded street.', true);
  const details = { text: 'Flooded street.', urgent: true };
  expect(sent()).toEqual([[{ event: 'note', payload, details }, true]]);
});

test('auto deliver leaves alone what a person has touched, and what a person is deciding about', () => {
  actions.claim(offer);
  actions.pickUp(offer);
  actions.step(key, { event: 'delivered' });
  actions.undo(key);
  actions.open({ key, status: 'in-transit' });
  expect(auto.leaveAlone.mock.calls.flat()).toEqual([keyOfRed('b'), keyOfRed('b'), key, key, key]);
});

/** The driver has claimed `c` and `d` too. */
const claimTwo = (rev = 2) => {
  for (const id of ['c', 'd']) {
    driver.held.learn(keyOfRed(id), { view: viewOfRed(id, 'claimed', rev, 'ana') });
  }
};

test('after a pick-up, what else there is to collect at the shop is open', () => {
  claimTwo();
  expect(stops.opened).toBeUndefined();
  actions.step(keyOfRed('c'), { event: 'in-transit' });
  expect(stops.opened).toEqual({ key: keyOfRed('d'), status: 'claimed' });
});

test('once all is collected at a shop, the first stop is open, after a reload too', () => {
  claimTwo();
  commands.send.mockImplementation((parcel: typeof known) => {
    const { orderID } = parcel.view.payload;
    driver.held.learn(keyOfRed(orderID), { view: viewOfRed(orderID, 'in-transit', 3, 'ana') });
  });
  const opened = () => rows().find(({ isOpen }) => isOpen)?.key;
  actions.collectAll('red');
  expect(opened()).toBe(key);
  expect(stops.saved(() => true).open).toBeUndefined();
  // One by one, it is the same.
  claimTwo(4);
  for (const id of ['c', 'd']) actions.step(keyOfRed(id), { event: 'in-transit' });
  expect(opened()).toBe(key);
  commands.send.mockReset();
});

test('all that is to be collected at a shop is collected at once, and taken back at once', () => {
  claimTwo();
  actions.collectAll('red');
  const payloads = ['c', 'd'].map((orderID) => ({ store: 'red', orderID }));
  expect(sent()).toEqual(payloads.map((payload) => [{ event: 'in-transit', payload }, true]));
  commands.send.mockClear();
  for (const id of ['c', 'd']) {
    const toast = { kind: 'undo', text: 'Picked up.', by: { rev: 3 }, of: 'in-transit' } as const;
    driver.held.learn(keyOfRed(id), { view: viewOfRed(id, 'in-transit', 3, 'ana') }, toast);
  }
  actions.undoAll('red');
  expect(sent()).toEqual(
    payloads.map((payload) => [{ event: 'corrected', payload, details: { rev: 3 } }, true]),
  );
});
