import type { CapsRecord } from '../../../protocol/messages.ts';
import type { WindowSnapshot } from './log-window.ts';

/** A request to scroll to a row. The list follows each request once. */
export interface Jump {
  readonly seq: number;
  /** `nearest` scrolls only if the row is out of sight, and as little as possible. */
  readonly where: 'middle' | 'nearest';
}

export interface LogState extends WindowSnapshot {
  /** The hub has sent its welcome. */
  readonly isOpen: boolean;
  /** Why history could not be read, for a person. */
  readonly trouble: string | undefined;
  /** The result of the latest command, if the rows do not show it. */
  readonly hint: string | undefined;
  /** How often the log was replaced by another one. */
  readonly replaced: number;
  /** Rows after this seq are marked as new: few enough for the eye to follow. */
  readonly newAfter: number;
  /** Rows arrive faster than anyone can read. */
  readonly isStream: boolean;
  readonly selected: CapsRecord | undefined;
  readonly jump: Jump | undefined;
}
