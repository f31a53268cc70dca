import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { describeStore } from '../testkit/contracts/store.contract.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

describeStore('PostgreSQL', async () => {
  const url = await server.database();
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  return {
    open: () => openPostgresStore({ url, folder, tell: () => {} }),
    remove: async () => rmSync(folder, { recursive: true }),
  };
});
