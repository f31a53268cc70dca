/** Maintenance of a log, with or without a running hub: a file of its own, because the hub takes longer to load. */

import { backUp, restore } from './store/sqlite/backup.ts';

export const upkeep = { backUp, restore };
