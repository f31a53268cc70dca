/**
 * The mutant of the pause proof: a hub to which a connection is no sign of life, only what comes over it. A driver whose
 * phone stands still for a moment loses what they have claimed.
 */

import { LifeSigns } from '../../server/hub/life-signs.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

LifeSigns.prototype.enter = function enter(this: LifeSigns, driver) {
  this.seen(driver);
  return () => this.seen(driver);
};

await runMutant('takes a driver who says nothing for one who is gone');
