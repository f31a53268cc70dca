/** A mutant of the failover proof: a hub that never looks whether the log is still the one that it knows. */

import { Growth } from '../../server/store/postgres/growth.ts';

Growth.prototype.isOurs = () => true;

await import('../../server/main.ts');
