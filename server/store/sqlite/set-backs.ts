/**
 * Where the machine's clock was behind the log's time: its records keep the time of the one before, and their own in
 * `machineTime`. They are few stretches, kept beside the log, so that whoever looks for a moment knows where to look
 * twice.
 */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { ownTimeOf } from '../../../protocol/own-time.ts';
import type { SetBack } from '../store.ts';

export interface SetBacks {
  readonly list: readonly SetBack[];
  /** Of the latest record of a stretch that goes on; milliseconds since 1970. */
  readonly ownMs: number;
}

export const noSetBacks: SetBacks = { list: [], ownMs: 0 };

/** Of older ones, records are found by the log's time. */
const setBacksMax = 50;

/** After one more record. The list is the same object where nothing begins or ends. */
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
