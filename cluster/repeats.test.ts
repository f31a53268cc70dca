import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

it.each(['read committed', 'repeatable read'])(
  'hubs that add repeating orders at once make no more than there may be, where transactions are %s',
  async (level) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.adopt(await PostgresServer.start(), (it) => it.remove());
    const folder = mkdtempSync(join(tmpdir(), 'caps-'));
    stack.defer(() => rmSync(folder, { recursive: true }));
    const url = await server.database();
    const client = new Client(url);
    await client.connect();
    const name = client.escapeIdentifier(new URL(url).pathname.slice(1));
    await client.query(`ALTER DATABASE ${name} SET default_transaction_isolation = '${level}'`);
    await client.end();
    const open = (hub: string) => openPostgresStore({ url, folder: join(folder, hub), tell: () => {} });
    const stores = [await open('a'), await open('b'), await open('c')];
    for (const store of stores) stack.defer(() => store.close());
    const room = { perStore: 4, all: 1_000 };
    for (const shop of ['red', 'blue', 'green', 'black', 'white']) {
      const adding = stores.flatMap((store, hub) =>
        ['A', 'B', 'C'].map((id) => store.repeats.add({ store: shop, id: `${id}${hub}`, text: '1' }, room)),
      );
      expect((await Promise.all(adding)).filter(Boolean)).toHaveLength(4);
    }
  },
);
