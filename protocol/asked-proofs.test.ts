import { expect, it } from 'vitest';
import { askedProofs } from './asked-proofs.ts';

it('a shop that has said nothing is offered a photo and a name at the door, and nothing else', () => {
  expect(askedProofs(undefined, 'delivery')).toEqual({ photo: 'offered', receivedBy: 'offered' });
  expect(askedProofs({}, 'delivery')).toEqual({ photo: 'offered', receivedBy: 'offered' });
  expect(askedProofs({}, 'collection')).toEqual({});
  expect(askedProofs({}, 'return')).toEqual({});
});

it('a shop that has chosen gets what it chose, and nothing where it chose nothing', () => {
  const profile = { proofs: { collection: { scan: 'required' } } } as const;
  expect(askedProofs(profile, 'collection')).toEqual({ scan: 'required' });
  expect(askedProofs(profile, 'delivery')).toEqual({});
  expect(askedProofs({ proofs: {} }, 'delivery')).toEqual({});
});
