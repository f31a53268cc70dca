/**
 * The mutant of the pause proof: a hub for which only messages, not the open connection, are a sign of life. A driver whose
 * phone pauses for a moment loses their claims.
 */

import { DriverLiveness } from '../../server/hub/driver-liveness.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

DriverLiveness.prototype.enter = function enter(this: DriverLiveness, driver) {
  this.seen(driver);
  return () => this.seen(driver);
};

await runMutant('takes a driver who says nothing for one who is gone');
