import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../../protocol/messages.ts';
import { accepted, DriverFixture, keyOfRed, takenBy } from '../../../testkit/driver-fixture.ts';
import { restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { PendingCommands } from './pending-commands.ts';
import { commandOf, type Step } from './steps.ts';

let driver: DriverFixture;
let commands: PendingCommands;
const key = keyOfRed('a');
const proofs = { giveBack: vi.fn(), discard: vi.fn() };

/** The driver carries order `a`. */
beforeEach(() => {
  vi.clearAllMocks();
  stubBrowser();
  driver = new DriverFixture();
  const { client, held, offers, announcer, changed, hub } = driver;
  commands = new PendingCommands({
    by: { role: 'driver', id: 'ana' },
    client,
    held,
    offers,
    announcer,
    proofs,
    changed,
  });
  client.on('state', ({ kind }) => {
    if (kind === 'catching-up') commands.markSent();
  });
  connect();
  held.learn(key, { view: viewOfRed('a', 'in-transit', 3, 'ana') });
  hub.answer = () => undefined;
});
afterEach(() => {
  commands.close();
  driver.close();
  restoreBrowser();
});

function connect(): void {
  driver.hub.welcome();
  driver.hub.parcels();
}

const answers = () => vi.advanceTimersByTimeAsync(10);
const parcel = () => driver.held.get(key);
const step = (wanted: Step, byHand = true) => {
  const view = viewOfRed('a', 'in-transit', 3, 'ana');
  commands.send({ view }, commandOf(wanted, view.payload), byHand);
};
const refuse = (answer: Answer = takenBy('Ben')) => {
  driver.hub.answer = () => answer;
};

test('a step is pending, and shows where it leads, until the hub has answered', async () => {
  step({ event: 'delivered', outcome: 'safe-place' });
  expect(parcel()?.pending).toMatchObject([{ event: 'delivered', leadsTo: 'delivered', text: 'Safe place' }]);
  expect(parcel()?.known.view.status).toBe('in-transit');
});

test('the answer makes a step true, and the driver can undo it', async () => {
  driver.hub.answer = () => accepted(4, 'delivered');
  step({ event: 'delivered' });
  await answers();
  expect(parcel()).toMatchObject({ pending: [], toast: { kind: 'undo', by: { rev: 4 } } });
  expect(parcel()?.known.view.status).toBe('delivered');
});

test('a parcel that was picked up without a claim is no longer on offer', async () => {
  const offer = { view: viewOfRed('b', 'ready', 1) };
  driver.offers.set(offer);
  driver.hub.answer = () => accepted(2, 'in-transit');
  commands.send(offer, commandOf({ event: 'in-transit' }, offer.view.payload), true);
  await answers();
  expect(driver.offered).toEqual([]);
  expect(driver.inHand).toContainEqual(['b', 'in-transit']);
});

describe('a command that the hub refuses', () => {
  const refusals = () =>
    commands.refused.map(({ orderID, about, actions }) => [orderID, about, actions.map(({ why }) => why)]);
  const ids = () => commands.refused.flatMap(({ actions }) => actions.map(({ id }) => id));

  beforeEach(async () => {
    refuse();
    step({ event: 'delivered' });
    await answers();
  });

  test('takes nothing with it, and stays in a list with the reason', async () => {
    expect(parcel()).toMatchObject({ pending: [], known: { view: { status: 'in-transit' } } });
    expect(refusals()).toEqual([['a', '12 Elm Street', ['Taken by Ben.']]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refusals()).toHaveLength(1);
    expect(driver.announcer.get()).not.toBe('');
  });

  test('leaves the list when the driver has seen it', () => {
    commands.dismiss(ids());
    expect(refusals()).toEqual([]);
  });

  test('goes to the hub again, as done when it was', async () => {
    driver.hub.answer = () => accepted(4, 'delivered');
    const doneAt = new Date(Date.now() - 10).toISOString();
    await vi.advanceTimersByTimeAsync(30_000);
    commands.retry(ids());
    await answers();
    expect(refusals()).toEqual([]);
    const [first, second] = driver.hub.commands;
    expect(second).toMatchObject({ event: 'delivered', occurredAt: doneAt });
    expect(second?.id).not.toBe(first?.id);
    expect(parcel()?.known.view.status).toBe('delivered');
  });
});

test('a refusal of auto deliver is no news: another page was faster', async () => {
  refuse();
  step({ event: 'delivered' }, false);
  await answers();
  expect(commands.refused).toEqual([]);
  expect(parcel()).toMatchObject({ pending: [], toast: undefined });
});

describe('without network', () => {
  beforeEach(() => {
    driver.hub.down();
    step({ event: 'delivered' });
  });
  const id = () => parcel()?.pending[0]?.id ?? '';

  test('a step can be undone at once', () => {
    expect(parcel()?.toast).toMatchObject({ kind: 'undo', by: { id: id() } });
  });

  test('a step that is withdrawn leaves no trace', async () => {
    commands.withdraw(key, id());
    expect(parcel()).toMatchObject({ pending: [], toast: undefined });
    connect();
    await answers();
    expect(driver.hub.commands).toEqual([]);
  });

  test('a step that is being sent cannot be withdrawn any more', async () => {
    connect();
    await answers();
    expect(parcel()).toMatchObject({ pending: [{ isUnsent: false }], toast: undefined });
  });

  test('a step that is recorded long after it was done gets no Undo', async () => {
    await vi.advanceTimersByTimeAsync(20_000);
    driver.held.set(key, { ...parcelNow(), toast: undefined });
    driver.hub.answer = () => accepted(4, 'delivered');
    connect();
    await answers();
    expect(parcel()).toBeUndefined();
  });
});

const parcelNow = () => {
  const one = parcel();
  if (!one) throw new Error('The parcel is not in hand.');
  return one;
};

test('what an earlier page left waits for its answer here, and what it was refused is in the list', async () => {
  const payload = { store: 'red', orderID: 'a' };
  const left = { event: 'delivered', payload, id: 'x' } as const;
  const answer = Promise.resolve(accepted(4, 'delivered'));
  const refused = { event: 'in-transit', payload: { store: 'red', orderID: 'gone' }, id: 'y' } as const;
  const refusal = { code: 'stale-claim', message: 'You no longer hold it.', retryable: false } as const;
  const at = Date.now() - 600_000;
  commands.restore({
    waiting: [{ command: left, at, about: '12 Elm Street', answer }],
    refused: [{ command: refused, at, about: '3 Oak Lane', refusal }],
  });
  expect(parcel()?.pending).toMatchObject([{ id: 'x', isUnsent: false }]);
  expect(commands.refused).toMatchObject([{ orderID: 'gone', about: '3 Oak Lane' }]);
  await answers();
  expect(parcel()).toBeUndefined();
});

test('what the driver has seen keeps an Undo, and is no refusal where the parcel has gone to somebody else', async () => {
  driver.hub.answer = () => accepted(4, 'delivered');
  step({ event: 'delivered' });
  await answers();
  const { view } = parcel()?.known ?? { view: viewOfRed('a', 'delivered', 4, 'ana') };
  refuse();
  const payload = { store: 'red', orderID: 'a' };
  commands.send({ view }, { event: 'seen', payload, details: { rev: 3 } }, true);
  expect(parcel()).toMatchObject({ pending: [{ seenRev: 3 }], toast: { kind: 'undo', by: { rev: 4 } } });
  await answers();
  expect(parcel()).toMatchObject({ pending: [], toast: { kind: 'undo' } });
  expect(commands.refused).toEqual([]);
});

describe('a proof of a step', () => {
  const view = viewOfRed('a', 'in-transit', 3, 'ana');
  const photo = { kind: 'photo', blob: 'f'.repeat(64) } as const;
  const deliver = (proof: { kind: 'photo'; blob: string } | { kind: 'pin'; text: string } = photo) => {
    const id = commands.send({ view }, commandOf({ event: 'delivered' }, view.payload), true);
    const payload = { store: 'red', orderID: 'a' };
    commands.send({ view }, { event: 'proof', payload, details: { ...proof, rev: 3 } }, true, id);
    return id;
  };

  test('is sent when the hub has recorded the step, and names that record', async () => {
    driver.hub.answer = ({ event }) => accepted(event === 'delivered' ? 4 : 5, 'delivered');
    deliver();
    await answers();
    expect(driver.hub.commands).toMatchObject([
      { event: 'delivered' },
      { event: 'proof', details: { ...photo, rev: 4 } },
    ]);
    expect(parcel()).toMatchObject({ pending: [], toast: { kind: 'undo', by: { rev: 4 } } });
  });

  test('is taken back with the step, and what was made for it is there again', () => {
    driver.hub.down();
    const id = deliver();
    commands.withdraw(key, id);
    expect(parcel()?.pending).toEqual([]);
    expect(proofs.giveBack).toHaveBeenCalledWith(key, [photo]);
  });

  test('is refused with the step in one line, tried again behind it, and given up with it', async () => {
    refuse();
    const id = deliver();
    await answers();
    const [refused] = commands.refused;
    expect(refused?.actions.map(({ event, isPart }) => [event, isPart])).toEqual([
      ['delivered', false],
      ['proof', true],
    ]);
    const ids = refused?.actions.map((action) => action.id) ?? [];
    commands.retry(ids);
    await answers();
    expect(driver.hub.commands.map(({ event }) => event)).toEqual(['delivered', 'delivered']);
    expect(commands.refused[0]?.actions.map(({ event }) => event)).toEqual(['delivered', 'proof']);
    expect(ids).toContain(id);
    commands.dismiss(commands.refused[0]?.actions.map((action) => action.id) ?? []);
    expect(proofs.discard).toHaveBeenCalledWith([photo]);
    expect(commands.refused).toEqual([]);
  });

  const error = { code: 'not-allowed', message: 'The hub’s words.', retryable: false } as const;

  test.each<[Answer, string]>([
    [{ ...accepted(5, 'delivered'), pin: 'wrong' }, 'The PIN was wrong.'],
    [{ ok: false, error }, 'Five PINs were wrong. Dispatch has to look at this parcel.'],
  ])('by a PIN that was typed without network says later what was wrong: %j', async (answer, why) => {
    driver.hub.answer = ({ event }) => (event === 'proof' ? answer : accepted(4, 'delivered'));
    deliver({ kind: 'pin', text: '1234' });
    await answers();
    expect(commands.refused[0]?.actions.map((action) => action.why)).toEqual([why]);
  });
});

test.each<[Answer, string]>([
  [
    { ok: false, error: { code: 'stale-claim', message: 'You no longer hold it.', retryable: false } },
    'The parcel was not in your hands any more.',
  ],
  [
    {
      ok: false,
      error: {
        ...{ code: 'wrong-status', message: 'The parcel is cancelled; "delivered" does not fit.' },
        ...{ retryable: false, details: { status: 'cancelled' } },
      },
    },
    'It was already settled: Cancelled.',
  ],
  [
    { ok: false, error: { code: 'wrong-status', message: 'For two minutes.', retryable: false } },
    'It was too late for that.',
  ],
])('why it was refused is said in a driver’s words: %j', async (answer, why) => {
  refuse(answer);
  step({ event: 'delivered' });
  await answers();
  expect(commands.refused[0]?.actions.map((action) => action.why)).toEqual([why]);
});
