import { afterAll, beforeAll } from 'vitest';
import { PostgresBlobs } from '../server/store/postgres/blobs.ts';
import { type Connection, clientConfig, Readers } from '../server/store/postgres/connection.ts';
import { migrate } from '../server/store/postgres/schema.ts';
import { Damages } from '../server/store/rows/damage.ts';
import { describeBlobs } from '../testkit/contracts/blobs.contract.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

describeBlobs('PostgreSQL', async (limits) => {
  const config = clientConfig(await server.database());
  const all: Readers[] = [];
  const readers = () => {
    const opened = new Readers(config, () => {});
    all.push(opened);
    return opened;
  };
  await readers().use((connection: Connection) => migrate(connection));
  return {
    // As another hub does.
    open: async () => new PostgresBlobs({ readers: readers(), damage: new Damages(), limits }),
    damage: ({ hash }) =>
      readers().use(async (connection) => {
        await connection.run(
          'UPDATE blobs SET bytes = set_byte(bytes, 30, get_byte(bytes, 30) # 1) WHERE hash = $1',
          [hash],
        );
      }),
    remove: async () => {
      for (const one of all) await one.close();
    },
  };
});
