/** The mutant of the slow-reader proof: a hub that keeps sending to a client that does not read. */

import { feedLimits } from '../../server/hub/feed.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

Object.assign(feedLimits, { queuedMax: Number.POSITIVE_INFINITY, queuedSizeMax: Number.POSITIVE_INFINITY });

await runMutant('goes on sending to who does not read');
