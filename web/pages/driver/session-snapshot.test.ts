import { afterEach, beforeEach, expect, test } from 'vitest';
import { DriverFixture } from '../../../testkit/driver-fixture.ts';
import { restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { noDraft } from './proof-asks.ts';
import { type SnapshotSources, takeSnapshot } from './session-snapshot.ts';
import type { Offer } from './session-state.ts';
import { ShiftTally } from './shift-tally.ts';
import { Stops } from './stops.ts';

let driver: DriverFixture;
beforeEach(() => {
  stubBrowser();
  driver = new DriverFixture();
});
afterEach(() => {
  driver.close();
  restoreBrowser();
});

const offer = (orderID: string) => ({ view: viewOfRed(orderID, 'ready', 1) });
const snapshot = (sources: Partial<SnapshotSources> = {}) =>
  takeSnapshot({
    feed: { isComplete: true },
    offers: { open: [], later: [], beyond: 0 },
    claims: { all: [] },
    held: driver.held,
    commands: { refused: [] },
    duty: { isOn: true },
    auto: { plan: () => undefined, switch: { state: { way: undefined, on: false } } },
    storage: { isSaved: () => false, isKeeping: false },
    tally: new ShiftTally('ana'),
    stops: new Stops(() => {}),
    shops: { of: () => undefined },
    proofs: { draftOf: () => noDraft, images: { waiting: 0, unsaved: 0, isHubFull: false, refused: [] } },
    ...sources,
  });

test('an offer that is being claimed or was lost keeps its place, though it is no longer on offer', () => {
  const lost: Offer = { known: offer('b'), state: 'lost', text: 'Taken by Ben.' };
  const { offers, moreOffers } = snapshot({
    offers: { open: [offer('a'), offer('c')], later: [], beyond: 7 },
    claims: { all: [lost] },
  });
  expect(offers.map(({ known, state }) => [known.view.payload.orderID, state])).toEqual([
    ['a', 'open'],
    ['b', 'lost'],
    ['c', 'open'],
  ]);
  expect(moreOffers).toBe(7);
});

test('parcels in hand are counted by where they are, and what is not saved is counted', () => {
  const parcels = [
    viewOfRed('at the shop', 'claimed', 2, 'ana'),
    viewOfRed('on the road', 'in-transit', 3, 'ana'),
    viewOfRed('going back', 'returning', 5, 'ana'),
  ];
  for (const view of parcels) driver.held.learn(view.payload.orderID, { view });
  const known = { view: viewOfRed('done', 'delivered', 4) };
  const step = { id: 'x', event: 'delivered', at: 0, leadsTo: 'delivered', isUnsent: true } as const;
  driver.held.set('done', { known, pending: [step], notes: [] });
  expect(snapshot()).toMatchObject({ heldCount: 3, claimed: 1, carried: 2, unsaved: 1 });
  const storage = { isSaved: () => true, isKeeping: true };
  expect(snapshot({ storage })).toMatchObject({ unsaved: 0, isKeeping: true });
});
