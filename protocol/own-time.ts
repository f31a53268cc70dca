import type { CapsRecord } from './messages.ts';

type Times = Pick<CapsRecord, 'time' | 'machineTime'>;

/** A clock that is put right by less than this loses nobody a record. */
const leastMs = 1_000;

/**
 * When a record happened, as far as anybody can tell; milliseconds since 1970. Where the machine's clock was behind the
 * log's time by a second or more, that is the machine's.
 */
export function ownTimeOf({ time, machineTime }: Times): number {
  const logged = Date.parse(time);
  const own = machineTime === undefined ? logged : Date.parse(machineTime);
  return logged - own < leastMs ? logged : own;
}
