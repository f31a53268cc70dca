/** Sizes at which the hub changes its behaviour: small ones and the real ones. */

import { type ClaimTimeoutLimits, claimTimeoutLimits } from '../../server/hub/claim-timeout.ts';
import { type FeedLimits, feedLimits } from '../../server/hub/feed.ts';
import type { HubLimits } from '../../server/hub/hub.ts';
import { joinLimits } from '../../server/hub/joins.ts';
import { plainMax } from '../../server/store/search/search.ts';
import { type SearchLimits, searchLimits } from '../../server/store/search/searcher.ts';
import { type StoreLimits, storeLimits } from '../../server/store/sqlite/limits.ts';
import type { Chance } from '../chance.ts';

export interface Thresholds {
  readonly hub: HubLimits;
  readonly claimTimeout: ClaimTimeoutLimits;
  readonly store: StoreLimits;
  readonly search: SearchLimits;
  /** Smaller logs have no index. */
  readonly indexMin: number;
}

export const realThresholds: Thresholds = {
  hub: { feeds: feedLimits, joins: joinLimits },
  claimTimeout: claimTimeoutLimits,
  store: storeLimits,
  search: searchLimits,
  indexMin: plainMax,
};

/** One world in this many uses the real sizes. */
const realOneIn = 4;

/** Draws each size from 1 to the real one, on a logarithmic scale. */
export function drawThresholds(chance: Chance): Thresholds {
  const upTo = (real: number): number => {
    if (chance.int(1, realOneIn) === 1) return real;
    return Math.max(1, Math.round(real ** (chance.int(0, 1_000) / 1_000)));
  };
  const all = <T extends object>(limits: T): T =>
    Object.fromEntries(Object.entries(limits).map(([name, real]) => [name, upTo(Number(real))])) as T;
  const { gatherMs, gatherMaxMs, gatherPerReaderMs, sweepMs, progressMs } = feedLimits;
  const times = { gatherMs, gatherMaxMs, gatherPerReaderMs, sweepMs, progressMs };
  const feeds: FeedLimits = { ...all(feedLimits), ...times };
  return {
    // The number of unasked offers stays: people in these worlds request no more.
    hub: { feeds, joins: { ...joinLimits, page: all(joinLimits.page) } },
    claimTimeout: all(claimTimeoutLimits),
    store: all(storeLimits),
    search: all(searchLimits),
    indexMin: upTo(plainMax),
  };
}
