import { CapsError } from '../../protocol/errors.ts';
import type { Answer } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { scopeKindOf, seqIn } from '../access/access.ts';
import type { Row } from '../store/row.ts';
import type { Outcome } from './commit.ts';

/** Turns an outcome into the answer for its sender, in the sender's own seqs. */
export function answerOf(
  outcome: Exclude<Outcome, { kind: 'refused' }> | undefined,
  rows: readonly Row[],
  actor: Actor,
): Answer {
  if (!outcome) return new CapsError('internal').toAnswer();
  const { rev, status, time, pin } = outcome;
  const place = outcome.kind === 'recorded' ? rows[outcome.index] : outcome.place;
  if (!place) return new CapsError('internal').toAnswer();
  const { seq: all, storeSeq } = place;
  const seq = seqIn(scopeKindOf(actor), { seq: all, storeSeq, rev });
  const answer: Answer = outcome.duplicate
    ? { ok: true, duplicate: true, seq, rev, status, time }
    : { ok: true, seq, rev, status, time };
  return pin ? { ...answer, pin } : answer;
}
