import { describe, expect, it } from 'vitest';
import type { EventName } from '../../protocol/events.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Profile } from '../../protocol/profile.ts';
import { hasProofs, provenLife } from './proven.ts';

const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
const blob = 'a1'.repeat(32);

/** Their revs are 1, 2, 3 … */
function life(...deeds: readonly (readonly [EventName, object?])[]): CapsRecord[] {
  return deeds.map(([event, details], at) => ({
    ...{ seq: at + 1, rev: at + 1, event, time: `2026-11-20T18:00:0${at}.000Z`, payload: order },
    ...{ status: statusOf[event] ?? 'delivered', by: { role: 'driver', id: 'ana' }, via: 'rest' },
    ...(details ? { details: details as Record<string, unknown> } : {}),
  }));
}
const statusOf: Partial<Record<EventName, CapsRecord['status']>> = {
  ...{ pickup: 'ready', 'in-transit': 'in-transit', corrected: 'in-transit' },
};
const asking = (delivery: object): Profile => ({ proofs: { delivery } });
const required = asking({ photo: 'required', pin: 'warned', signature: 'offered', receivedBy: 'required' });

it('names each proof with the step that it proves, and counts wrong PINs', () => {
  const records = life(
    ['pickup'],
    ['in-transit'],
    ['proof', { kind: 'photo', blob, rev: 2 }],
    ['proof', { kind: 'pin', text: 'wrong', rev: 2, tries: 1 }],
    ['proof', { kind: 'pin', text: 'right', rev: 2 }],
    ['delivered', { receivedBy: 'Ida' }],
    ['proof', { kind: 'photo', blob, rev: 6 }],
  );
  const { proofs, wrongPins, receivedBy } = provenLife(records, undefined);
  expect(proofs.map(({ kind, of }) => `${kind} ${of}`)).toEqual([
    ...['photo in-transit', 'pin in-transit', 'photo delivered'],
  ]);
  expect([wrongPins, receivedBy]).toEqual([1, 'Ida']);
});

describe('what is missing of what the shop insists on', () => {
  const of = (records: readonly CapsRecord[], profile = required) => provenLife(records, profile).missing;

  it('is said of a delivery, and of nothing before', () => {
    expect(of(life(['pickup'], ['in-transit']))).toEqual([]);
    expect(of(life(['pickup'], ['in-transit'], ['delivered']))).toEqual(['photo', 'pin', 'receivedBy']);
    expect(of(life(['pickup'], ['in-transit'], ['delivered'], ['corrected', { rev: 3 }]))).toEqual([]);
  });

  it('is not what came, also before the step or after it', () => {
    const proven = life(
      ['pickup'],
      ['in-transit'],
      ['proof', { kind: 'pin', text: 'right', rev: 2 }],
      ['delivered', { receivedBy: 'Ida' }],
      ['proof', { kind: 'photo', blob, rev: 4 }],
    );
    expect(of(proven)).toEqual([]);
    // That of the collection is another one.
    const collected = life(
      ['pickup'],
      ['in-transit'],
      ['proof', { kind: 'photo', blob, rev: 2 }],
      ['delivered'],
    );
    expect(of(collected, asking({ photo: 'required' }))).toEqual(['photo']);
  });

  it('is nothing where the shop only offers it, or its wishes are not known', () => {
    const delivered = life(['pickup'], ['in-transit'], ['delivered']);
    expect(of(delivered, {})).toEqual([]);
    expect(provenLife(delivered, undefined).missing).toEqual([]);
  });
});

it('a parcel on its way without proofs has nothing to show', () => {
  expect(hasProofs(life(['pickup'], ['in-transit']))).toBe(false);
  expect(hasProofs(life(['pickup'], ['in-transit'], ['delivered']))).toBe(true);
});
