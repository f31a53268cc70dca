import type { CapsRecord } from './messages.ts';

type Times = Pick<CapsRecord, 'time' | 'machineTime'>;

/** Ignores corrections of the machine's clock below this. */
const leastMs = 1_000;

/**
 * When a record happened, in milliseconds since 1970: the log's time, or the machine's clock if that was behind by a
 * second or more.
 */
export function ownTimeOf({ time, machineTime }: Times): number {
  const logged = Date.parse(time);
  const own = machineTime === undefined ? logged : Date.parse(machineTime);
  return logged - own < leastMs ? logged : own;
}
