/** The mutant of the clock proof: a hub whose timers use the wall clock. */

import { systemClock } from '../../server/clock.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

const lookEveryMs = 5;

await runMutant('waits by the wall clock', undefined, {
  ...systemClock,
  after(ms, run) {
    const at = Date.now() + ms;
    const look = setInterval(() => {
      if (Date.now() < at) return;
      clearInterval(look);
      run();
    }, lookEveryMs);
    return () => clearInterval(look);
  },
});
