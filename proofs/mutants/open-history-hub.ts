/**
 * The mutant of the isolation proof: a hub that minds whose records are whose at every door but one. Who asks REST
 * for a page of the log is shown what an admin is shown.
 */

import { LogReads } from '../../server/hub/reads.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

const narrowed = LogReads.prototype.events;
LogReads.prototype.events = function events(_actor, query) {
  return narrowed.call(this, { role: 'admin' }, query);
};

await runMutant('minds whose records are whose at some doors only');
