/** Folds presence and notices, both of which arrive as changes. */

import type { Connection, Notice, Presence } from '../../protocol/messages.ts';

const roleOrder: Readonly<Record<Connection['role'], number>> = {
  admin: 0,
  vendor: 1,
  driver: 2,
  plain: 3,
  customer: 4,
};

export interface ConnectedPeople {
  /** Sorted by role and name. Their times are by the hub's clock. */
  readonly people: readonly Connection[];
  /** Milliseconds by which the hub's clock is ahead of this device's, minus the latency. */
  readonly aheadMs: number;
}

export const nobody: ConnectedPeople = { people: [], aheadMs: 0 };

/**
 * Applies a change of presence. Its newest sign of life was seen just now, by the hub's clock.
 * @param now milliseconds since 1970 on this device
 */
export function afterPresence(
  { people, aheadMs }: ConnectedPeople,
  { all, joined = [], left = [] }: Presence,
  now: number,
): ConnectedPeople {
  const byId = new Map((all ?? people).map((one) => [one.id, one]));
  for (const id of left) byId.delete(id);
  for (const one of joined) byId.set(one.id, one);
  const signs = [...(all ?? []), ...joined].map(({ lastSeen }) => Date.parse(lastSeen) - now);
  return {
    people: [...byId.values()].toSorted(
      (a, b) =>
        roleOrder[a.role] - roleOrder[b.role] || a.who.localeCompare(b.who) || a.since.localeCompare(b.since),
    ),
    // A snapshot contains this page's own connection, which is new.
    aheadMs: Math.max(all ? Number.NEGATIVE_INFINITY : aheadMs, ...signs),
  };
}

export interface NoticeEntry extends Notice {
  /** Tells entries apart; counts up. */
  readonly id: number;
}

export const noticesMax = 100;

/** Adds notices, newest first. A notice that repeats the newest one increases its count. */
export function afterNotices(
  entries: readonly NoticeEntry[],
  notices: readonly Notice[],
): readonly NoticeEntry[] {
  const after = [...entries];
  for (const notice of notices) {
    const [newest] = after;
    if (newest && saysTheSame(newest, notice)) {
      after[0] = { ...newest, time: notice.time, count: newest.count + notice.count };
    } else {
      after.unshift({ ...notice, id: (newest?.id ?? 0) + 1 });
    }
  }
  return after.slice(0, noticesMax);
}

function saysTheSame(a: Notice, b: Notice): boolean {
  return (
    a.kind === b.kind && a.code === b.code && a.message === b.message && a.door === b.door && a.who === b.who
  );
}
