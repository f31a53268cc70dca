/**
 * The mutant of the resume proof: a hub that waits between reading a client's last page and joining it to the live feed.
 * The client never receives the records of that moment.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { runMutant } from '../../testkit/mutant-hub.ts';
import { storeWith } from '../../testkit/simulation/store.ts';

/** Wait between the read and the join. */
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
