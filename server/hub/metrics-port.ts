/** What the hub reports about its work. Simulations run without it, because their time is not the machine's. */

import type { ErrorCode } from '../../protocol/errors.ts';
import type { Door, Job, Outcome } from './commit.ts';

export interface MetricsPort {
  /** Starts timing a commit. Called once per commit, not per event, to stay cheap. */
  begin(): CommitTimer;
  /** Counts a refusal. All doors report each of theirs once, through `Presence.notice`. */
  refused(code: ErrorCode, door: Door): void;
}

export interface CommitTimer {
  /** The commit is on disk. @param outcomes of the jobs, in their order */
  done(jobs: readonly Job[], outcomes: readonly Outcome[]): void;
  failed(): void;
}
