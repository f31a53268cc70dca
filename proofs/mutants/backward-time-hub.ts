/** A mutant of the clock proof: a hub whose log uses the machine's clock even if that was set back. */

import { runMutant } from '../../testkit/mutant-hub.ts';
import { storeWith } from '../../testkit/simulation/store.ts';

await runMutant('believes its clock', (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) =>
        decide({
          head: { ...found.head, time: '' },
          command: (key) => found.command(key),
          parcel: (key) => found.parcel(key),
        }),
      ),
  }),
);
