/**
 * The mutant of the resume proof: a hub that joins a reader to the live feed after a wait. What was recorded since
 * its page was read has then been told to the others, and the reader is taken for somebody who knows of it.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { runMutant } from '../../testkit/mutant-hub.ts';
import { storeWith } from '../../testkit/simulation/store.ts';

/** Between the reading and the joining. */
const lagMs = 30;

await runMutant('joins after an awaited read', (store) =>
  storeWith(store, {
    async read(scope, range) {
      const page = await store.read(scope, range);
      await pause(lagMs);
      const { seq: head } = await store.head();
      return page.more ? page : { ...page, head };
    },
  }),
);
