import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../../protocol/messages.ts';
import { accepted, DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { pageTimers, restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { Proofs } from './proofs.ts';

let driver: DriverFixture;
let proofs: Proofs;
const key = keyOfRed('a');
const parcel = { store: 'red', orderID: 'a' };

function open(): Proofs {
  const { client, held, changed } = driver;
  return new Proofs({ driver: 'ana', client, timers: pageTimers, held, isComplete: () => true, changed });
}

/** The driver carries order `a`. */
beforeEach(() => {
  stubBrowser();
  // The database of the tests needs timers.
  vi.useRealTimers();
  vi.stubGlobal('indexedDB', new IDBFactory());
  driver = new DriverFixture();
  driver.hub.welcome();
  driver.hub.parcels();
  driver.held.learn(key, { view: viewOfRed('a', 'in-transit', 3, 'ana') });
  proofs = open();
});
afterEach(() => {
  proofs.close();
  driver.close();
  safeLocalStorage.forget('driver.images');
  restoreBrowser();
});

describe('a PIN', () => {
  const answers = (answer: Answer) => {
    driver.hub.answer = () => answer;
  };

  const found = (pin: 'right' | 'wrong') => ({ ...accepted(4, 'in-transit'), pin });

  test('that is right is at the hub already when the parcel is handed over', async () => {
    answers(found('right'));
    expect(await proofs.checkPin(key, '1234')).toBe('right');
    expect(driver.hub.commands).toMatchObject([
      { event: 'proof', payload: parcel, details: { kind: 'pin', text: '1234', rev: 3 } },
    ]);
    expect(proofs.draftOf(key).pin?.state).toBe('right');
    expect(proofs.take(key)).toEqual([]);
  });

  test('that is wrong is none, and one too many is refused in the hub’s words', async () => {
    answers(found('wrong'));
    expect(await proofs.checkPin(key, '1234')).toBe('wrong');
    const error = { code: 'not-allowed', message: 'Five were wrong.', retryable: false } as const;
    answers({ ok: false, error });
    expect(await proofs.checkPin(key, '1234')).toEqual({ refusal: error });
    expect(proofs.draftOf(key).pin).toBeUndefined();
  });

  test('that is typed without network goes behind the step', async () => {
    driver.hub.down();
    expect(await proofs.checkPin(key, '1234')).toBe('kept');
    expect(proofs.take(key)).toEqual([{ kind: 'pin', text: '1234' }]);
    expect(proofs.draftOf(key)).toEqual({});
  });

  test('that was typed again, as the network went while the hub checked it, is not forgotten', async () => {
    const first = proofs.checkPin(key, '1234');
    expect(proofs.draftOf(key).pin?.state).toBe('asking');
    driver.hub.down();
    await proofs.checkPin(key, '1234');
    await expect.poll(() => driver.client.state.kind).toBe('waiting');
    answers(found('right'));
    driver.hub.welcome();
    expect(await first).toBe('right');
    expect(proofs.draftOf(key).pin?.state).toBe('kept');
  });
});

describe('an image', () => {
  const drawing = new Blob(['lines'], { type: 'image/png' });
  const next = async (): Promise<Proofs> => {
    proofs.close();
    proofs = open();
    await expect.poll(() => driver.changed.mock.calls.length).toBeGreaterThan(0);
    return proofs;
  };

  beforeEach(async () => {
    driver.hub.down();
    expect(await proofs.addSignature(parcel, drawing)).toBeUndefined();
    driver.changed.mockClear();
  });

  test('is there again on the next page, and stays on the phone until a step has it', async () => {
    const { signature } = proofs.draftOf(key);
    await next();
    await expect.poll(() => proofs.draftOf(key).signature).toEqual(signature);
    expect(proofs.images.waiting).toBe(0);
    expect(proofs.take(key)).toEqual([{ kind: 'signature', blob: signature?.hash }]);
    expect(proofs.images.waiting).toBe(1);
  });

  test('comes back with a step that is taken back, as it was', () => {
    const { signature } = proofs.draftOf(key);
    proofs.giveBack(key, proofs.take(key));
    expect(proofs.draftOf(key).signature).toEqual(signature);
    expect(proofs.images.waiting).toBe(0);
  });

  test('goes when the parcel has gone to somebody else', async () => {
    proofs.tidy();
    expect(proofs.draftOf(key).signature).toBeDefined();
    driver.held.learn(key, { view: viewOfRed('a', 'in-transit', 4, 'ben') });
    driver.held.set(key, { known: { view: viewOfRed('a', 'in-transit', 4, 'ben') }, pending: [], notes: [] });
    proofs.tidy();
    expect(proofs.draftOf(key)).toEqual({});
    await next();
    expect([proofs.draftOf(key), proofs.images.waiting]).toEqual([{}, 0]);
  });

  test('is sent, and is no draft any more, if its step is in the outbox: the page was closed between the two', async () => {
    const { signature } = proofs.draftOf(key);
    const proof = { kind: 'signature', blob: signature?.hash } as const;
    const waiting = { id: 'x', event: 'proof', at: 0, leadsTo: undefined, isUnsent: false, proof } as const;
    const { known } = driver.held.get(key) ?? { known: { view: viewOfRed('a', 'in-transit', 3, 'ana') } };
    driver.held.set(key, { known, pending: [waiting], notes: [] });
    proofs.tidy();
    expect([proofs.draftOf(key), proofs.images.waiting]).toEqual([{ signature: undefined }, 1]);
  });
});
