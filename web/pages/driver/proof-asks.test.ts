import { expect, test } from 'vitest';
import { asksForProof, missingProofs, provenStep } from './proof-asks.ts';

const nobody = { outcome: undefined, name: ' ' } as const;
const image = (kind: 'photo' | 'signature') => ({
  ...{ id: kind, owner: 'ana', store: 'red', orderID: 'a', kind, hash: kind, size: 1, at: 0, isDraft: true },
});

test('what is only offered is never missing', () => {
  const asked = { photo: 'offered', signature: 'offered', receivedBy: 'offered' } as const;
  expect(missingProofs(asked, {}, nobody)).toEqual({ required: [], warned: [] });
  expect(asksForProof(asked)).toBe(false);
});

test('what is required or warned of is missing until it is made', () => {
  const asked = { photo: 'required', signature: 'warned', scan: 'required' } as const;
  expect(asksForProof(asked)).toBe(true);
  expect(missingProofs(asked, {})).toEqual({ required: ['photo', 'scan'], warned: ['signature'] });
  const draft = { photo: image('photo'), scan: '4006381' };
  expect(missingProofs(asked, draft)).toEqual({ required: [], warned: ['signature'] });
});

test('a PIN that the hub is checking is still missing, and one that waits for the network is not', () => {
  const missing = (state: 'asking' | 'kept' | 'right') =>
    missingProofs({ pin: 'required' }, { pin: { text: '1234', state } }).required;
  expect([missing('asking'), missing('kept'), missing('right')]).toEqual([['pin'], [], []]);
});

test('nobody’s name is asked for where nobody receives it', () => {
  const missing = (outcome: 'recipient' | 'mailbox' | 'safe-place' | undefined, name = '') =>
    missingProofs({ receivedBy: 'required' }, {}, { outcome, name }).required;
  expect([missing(undefined), missing('recipient')]).toEqual([['receivedBy'], ['receivedBy']]);
  expect([missing('mailbox'), missing('safe-place'), missing('recipient', 'Zoë')]).toEqual([[], [], []]);
});

test('a collection, a delivery and a return can be proven, and no other step', () => {
  const steps = (['ready', 'claimed', 'in-transit', 'failed', 'returning', 'delivered'] as const).map(
    provenStep,
  );
  expect(steps).toEqual([undefined, 'collection', 'delivery', undefined, 'return', undefined]);
});
