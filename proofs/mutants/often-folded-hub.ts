/** The real hub, but with a checkpoint every few commits instead of thousands. */

import { DatabaseSync } from 'node:sqlite';

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  exec.call(this, sql.replace(/wal_autocheckpoint = \d+/, 'wal_autocheckpoint = 64'));
};
await import('../../server/main.ts');
