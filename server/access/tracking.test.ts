import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createTracking } from './tracking.ts';

const secret = new Uint8Array(32).fill(7);
const tracking = createTracking(secret);

it.each([1, 2, 41, 2 ** 31, 2 ** 52])('a token leads back to its parcel alone: %d', (seq) => {
  const token = tracking.tokenOf(seq);
  expect(token).toMatch(/^trk_[A-Za-z0-9_-]{32}$/);
  expect(tracking.seqIn(token)).toBe(seq);
  expect(createTracking(secret).tokenOf(seq)).toBe(token);
});

it('[A1] tokens of neighbours have nothing in common', () => {
  const tokens = Array.from({ length: 2_000 }, (_, seq) => tracking.tokenOf(seq + 1));
  for (let place = 4; place < 36; place += 1) {
    const letters = new Set(tokens.map((token) => token[place]));
    expect(letters.size).toBeGreaterThan(48);
  }
});

it('[A1] no other token is one: guessed, changed by a single letter, cut, or of another log', () => {
  const token = tracking.tokenOf(5);
  const others = [
    ...Array.from({ length: 1_000 }, () => `trk_${randomBytes(24).toString('base64url')}`),
    ...Array.from(
      { length: 32 },
      (_, i) => token.slice(0, 4 + i) + (token[4 + i] === 'A' ? 'B' : 'A') + token.slice(5 + i),
    ),
    ...['', 'trk_', token.slice(4), token.slice(0, -1), `${token}A`, token.replace('trk_', 'TRK_')],
    createTracking(new Uint8Array(32).fill(8)).tokenOf(5),
  ];
  for (const other of others) expect(tracking.seqIn(other)).toBeUndefined();
});
