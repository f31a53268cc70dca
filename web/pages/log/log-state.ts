import type { CapsRecord } from '../../../protocol/messages.ts';
import type { WindowSnapshot } from './log-window.ts';

/** A wish to see a row: the list goes there once for each. */
export interface Jump {
  readonly seq: number;
  /** In the middle, or only if it is out of sight and then no further than needed. */
  readonly where: 'middle' | 'nearest';
}

export interface LogState extends WindowSnapshot {
  /** The hub has said which log this is. */
  readonly isOpen: boolean;
  /** Why history could not be read, in words. */
  readonly trouble: string | undefined;
  /** What came of the latest wish, where the rows do not show it. */
  readonly hint: string | undefined;
  /** How often another log took the place of the one shown. */
  readonly replaced: number;
  /** Rows past this seq have just come, few enough at a time for the eye to follow. */
  readonly newAfter: number;
  /** They come faster than anyone can read. */
  readonly isStream: boolean;
  readonly selected: CapsRecord | undefined;
  readonly jump: Jump | undefined;
}
