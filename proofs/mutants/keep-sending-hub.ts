/** The mutant of the slow reader's proof: a hub that goes on sending to whoever does not read. */

import { feedLimits } from '../../server/hub/feed.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

Object.assign(feedLimits, { queuedMax: Number.POSITIVE_INFINITY, queuedSizeMax: Number.POSITIVE_INFINITY });

await runMutant('goes on sending to who does not read');
