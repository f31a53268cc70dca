/**
 * Ranges in which the machine's clock was behind the log's time: their records repeat the time before them, and keep
 * their own in `machineTime`. There are few, stored beside the log, so that a time lookup knows where to look twice.
 */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { ownTimeOf } from '../../../protocol/own-time.ts';
import type { SetBack } from '../store.ts';

export interface SetBacks {
  readonly list: readonly SetBack[];
  /** Of the open range's latest record; milliseconds since 1970. */
  readonly ownMs: number;
}

export const noSetBacks: SetBacks = { list: [], ownMs: 0 };

/** In older ranges, records are found by the log's time. */
const setBacksMax = 50;

/** The list after one more record; the same object if no range begins or ends. */
export function followed(
  before: SetBacks,
  seq: number,
  record: Pick<CapsRecord, 'time' | 'machineTime'>,
): SetBacks {
  const open = before.list.at(-1);
  const isOpen = open?.last === null;
  if (record.machineTime === undefined && !isOpen) return before;
  const ownMs = ownTimeOf(record);
  const isBehind = ownMs < Date.parse(record.time);
  if (isBehind && isOpen && ownMs >= before.ownMs) return { list: before.list, ownMs };
  const list = isOpen ? [...before.list.slice(0, -1), { ...open, last: seq - 1 }] : before.list;
  if (!isBehind) return { list, ownMs: 0 };
  return { list: [...list, { first: seq, last: null }].slice(-setBacksMax), ownMs };
}
