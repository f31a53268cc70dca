import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { Damages } from '../rows/damage.ts';
import { openSqliteFile } from './file.ts';
import { SqliteOutbound } from './outbound.ts';

it('[D1] what is written without waiting for the disk leaves every later commit waiting for it', async () => {
  const folder = memoryFolder();
  const file = openSqliteFile(folder, () => {});
  const outbound = new SqliteOutbound(file.db, new Damages());
  const full = () => Object.values(file.db.prepare('PRAGMA synchronous').get() ?? {});
  const row = { topic: 'place', id: 'a', text: '1' };
  expect(full()).toEqual([2]);
  expect(await outbound.write([row], { isQuick: true })).toBe(true);
  expect(full()).toEqual([2]);
  expect(await outbound.write([row], { isQuick: true, before: { ...row, text: '0' } })).toBe(false);
  expect(full()).toEqual([2]);
  file.db.exec('DROP TABLE outbound');
  await expect(outbound.write([row], { isQuick: true })).rejects.toThrow('outbound');
  expect([full(), file.db.isTransaction]).toEqual([[2], false]);
  file.close();
  rmSync(folder, { recursive: true });
});
