import { describe, expect, it } from 'vitest';
import type { Answer, Command } from '../protocol/messages.ts';
import { Outbox } from './outbox.ts';

const note = (id: string, text = 'hello'): Command & { id: string } => ({
  event: 'note',
  payload: { store: 'red', orderID: '1' },
  details: { text },
  id,
});
const ok = (seq: number): Answer => ({
  ok: true,
  seq,
  rev: 1,
  status: 'ready',
  time: '2026-11-20T18:00:00.000Z',
});
const no = (retryable: boolean): Answer => ({
  ok: false,
  error: { code: retryable ? 'busy' : 'taken', message: 'No.', retryable },
});
const idsOf = (batch: readonly Command[]): (string | undefined)[] => batch.map(({ id }) => id);

/** An outbox with commands a, b, c …, and what each was answered. */
function filled(...ids: string[]): { outbox: Outbox; answers: Map<string, Answer> } {
  const outbox = new Outbox();
  const answers = new Map<string, Answer>();
  for (const id of ids) void outbox.add(note(id)).then((answer) => answers.set(id, answer));
  return { outbox, answers };
}

describe('an outbox', () => {
  it('gives the oldest first, and the same again until they are answered', () => {
    const { outbox } = filled('a', 'b', 'c');
    expect(idsOf(outbox.next(2, 10_000))).toEqual(['a', 'b']);
    expect(idsOf(outbox.next(2, 10_000))).toEqual(['a', 'b']);
    expect(outbox.size).toBe(3);
  });

  it('settles each with its own answer, refusals for good among them', async () => {
    const { outbox, answers } = filled('a', 'b', 'c');
    expect(outbox.settle([ok(1), no(false)])).toBe(true);
    await Promise.resolve();
    expect([...answers]).toEqual([
      ['a', ok(1)],
      ['b', no(false)],
    ]);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['c']);
  });

  it('keeps what may be tried again, with everything behind it, in order', async () => {
    const { outbox, answers } = filled('a', 'b', 'c');
    expect(outbox.settle([ok(1), no(true), ok(2)])).toBe(false);
    await Promise.resolve();
    expect([...answers.keys()]).toEqual(['a']);
    expect(idsOf(outbox.next(10, 10_000))).toEqual(['b', 'c']);
  });

  it('fills a message by size, and lets one go that is too large for any', () => {
    const outbox = new Outbox();
    for (const id of ['a', 'b', 'c']) void outbox.add(note(id, '€'.repeat(900)));
    const bytes = Buffer.byteLength(JSON.stringify(outbox.next(10, 1_000_000)));
    expect(outbox.next(10, bytes / 2)).toHaveLength(1);
    expect(outbox.next(10, 1)).toHaveLength(1);
    for (const bytesMax of [4_000, 7_000, 9_000, 12_000]) {
      const batch = outbox.next(10, bytesMax);
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(bytesMax);
    }
  });

  it('answers everything when it is given up', async () => {
    const { outbox, answers } = filled('a', 'b');
    outbox.abandon(no(true));
    await Promise.resolve();
    expect([...answers]).toEqual([
      ['a', no(true)],
      ['b', no(true)],
    ]);
    expect(outbox.size).toBe(0);
    expect(outbox.next(10, 10_000)).toEqual([]);
  });
});
