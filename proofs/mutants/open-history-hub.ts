/**
 * The mutant of the isolation proof: a hub that filters at every door but one. Anyone who asks REST for a page of the log
 * gets an admin's page.
 */

import { LogReads } from '../../server/hub/reads.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';

const narrowed = LogReads.prototype.events;
LogReads.prototype.events = function events(_actor, query) {
  return narrowed.call(this, { role: 'admin' }, query);
};

await runMutant('minds whose records are whose at some doors only');
