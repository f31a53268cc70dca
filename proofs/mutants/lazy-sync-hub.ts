/** The mutant of the sync proof: the real hub, but its commits are not synced until the log is folded in. */

import { DatabaseSync } from 'node:sqlite';

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  exec.call(this, sql.replace('synchronous = FULL', 'synchronous = NORMAL'));
};
await import('../../server/main.ts');
