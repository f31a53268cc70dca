/** Where the hub does something else from a size on: the sizes of a world, small ones and the real ones. */

import { type ReleaseLimits, releaseLimits } from '../../server/hub/claim-timeout.ts';
import { type FeedLimits, feedLimits } from '../../server/hub/feed.ts';
import type { HubLimits } from '../../server/hub/hub.ts';
import { joinLimits } from '../../server/hub/joins.ts';
import { plainMax } from '../../server/store/search/search.ts';
import { type SearchLimits, searchLimits } from '../../server/store/search/searcher.ts';
import { type StoreLimits, storeLimits } from '../../server/store/sqlite/limits.ts';
import type { Chance } from '../chance.ts';

export interface Thresholds {
  readonly hub: HubLimits;
  readonly releases: ReleaseLimits;
  readonly store: StoreLimits;
  readonly search: SearchLimits;
  /** Logs below this have no index. */
  readonly indexMin: number;
}

export const realThresholds: Thresholds = {
  hub: { feeds: feedLimits, joins: joinLimits },
  releases: releaseLimits,
  store: storeLimits,
  search: searchLimits,
  indexMin: plainMax,
};

/** One in so many is the real one. */
const realOneIn = 4;

/** Each for itself, from 1 to the real one: half of the numbers that have one digit less, and so on. */
export function drawThresholds(chance: Chance): Thresholds {
  const upTo = (real: number): number => {
    if (chance.int(1, realOneIn) === 1) return real;
    return Math.max(1, Math.round(real ** (chance.int(0, 1_000) / 1_000)));
  };
  const all = <T extends object>(limits: T): T =>
    Object.fromEntries(Object.entries(limits).map(([name, real]) => [name, upTo(Number(real))])) as T;
  const { gatherMs, sweepMs, tideMs } = feedLimits;
  const feeds: FeedLimits = { ...all(feedLimits), gatherMs, sweepMs, tideMs };
  return {
    // How many offers a driver gets unasked stays: people in these worlds ask for no more.
    hub: { feeds, joins: { ...joinLimits, page: all(joinLimits.page) } },
    releases: all(releaseLimits),
    store: all(storeLimits),
    search: all(searchLimits),
    indexMin: upTo(plainMax),
  };
}
