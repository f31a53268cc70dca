/** What the hub tells whoever counts its work. It goes without in simulations, whose time is not the machine's. */

import type { ErrorCode } from '../../protocol/errors.ts';
import type { Door, Job, Outcome } from './commit.ts';

export interface Meter {
  /** A commit begins, whose length is measured from here. Once per commit and not per event, so that it costs little. */
  begin(): CommitMeter;
  /** Somebody was told no. Every refusal of every door comes by here, once: see `Presence.notice`. */
  refused(code: ErrorCode, door: Door): void;
}

export interface CommitMeter {
  /** It is on disk. @param outcomes of the jobs, in their order */
  done(jobs: readonly Job[], outcomes: readonly Outcome[]): void;
  failed(): void;
}
