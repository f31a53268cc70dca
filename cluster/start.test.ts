import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { StoreError } from '../server/store/store.ts';
import { startHub } from '../testkit/hub-process.ts';
import { reservePort } from '../testkit/ports.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  server = await PostgresServer.start();
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await encrypting?.secure.remove();
  await server.remove();
});

let encrypting: { secure: PostgresServer; certificate: string } | undefined;

/** A server with TLS and a certificate of its own for 127.0.0.1. */
async function secured(): Promise<{ secure: PostgresServer; certificate: string }> {
  if (encrypting) return encrypting;
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const made =
    'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=database -addext subjectAltName=IP:127.0.0.1';
  execFileSync('openssl', [...made.split(' '), '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const secure = await PostgresServer.start({ certificate, key });
  encrypting = { secure, certificate };
  return encrypting;
}

/** Why the store does not open; `open` if it does. */
async function refusalOf(url: string): Promise<string> {
  try {
    const store = await openPostgresStore({ url, folder, tell: () => {} });
    await store.close();
    return 'open';
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}

/** With another user, password, host or database. */
function addressWith(
  parts: Partial<Record<'username' | 'password' | 'hostname' | 'port' | 'pathname', string>>,
) {
  return Object.assign(new URL(server.urlOf('postgres')), { password: 's3cret', ...parts }).href;
}

describe('a database that cannot be used is refused in one line, which does not show the password:', () => {
  it.each([
    ['a host that is not there', { hostname: 'nowhere.invalid' }, /there is no such host/],
    ['a database that is not there', { pathname: '/nothing' }, /it has no such database/],
    ['a user that is not there', { username: 'nobody' }, /it does not admit this user/],
  ])('%s', async (_, parts, words) => {
    const said = await refusalOf(addressWith(parts));
    expect(said).toMatch(words);
    expect(said).toMatch(/^The database \S+ cannot be used: .+\. Check DATABASE_URL\.$/);
    expect(said).not.toContain('s3cret');
  });

  it('a port at which nothing listens', async () => {
    const { port, release } = await reservePort();
    expect(await refusalOf(addressWith({ port: String(port) }))).toMatch(/nothing listens there/);
    release();
  });

  it('a wrong password', async () => {
    await server.query('postgres', `CREATE ROLE locked LOGIN PASSWORD 'right'`);
    await server.admit('locked', 'scram-sha-256');
    expect(await refusalOf(addressWith({ username: 'locked' }))).toMatch(/it does not accept the password/);
  });

  it('a user without rights', async () => {
    const url = new URL(await server.database());
    await server.query('postgres', 'CREATE ROLE reader LOGIN');
    url.username = 'reader';
    expect(await refusalOf(url.href)).toMatch(/this user may not create or use the schema “caps”/);
  });

  it('a password whose # or / is not escaped, of which no part is shown', async () => {
    for (const url of ['postgresql://caps:12#s3cret@db/caps', 'postgresql://caps:12/s3cret@db/caps']) {
      const said = await refusalOf(url);
      expect(said).toMatch(/^The database in DATABASE_URL cannot be used: /);
      expect(said).not.toMatch(/12|s3cret/);
    }
  });

  it('tables of a newer version', async () => {
    const url = await server.database();
    expect(await refusalOf(url)).toBe('open');
    await server.query(new URL(url).pathname.slice(1), 'UPDATE caps.version SET version = 99');
    expect(await refusalOf(url)).toMatch(
      /^The database was written by a newer CAPS \(its format is 99, .+\)\.$/,
    );
  });

  it('by a hub, which ends with it as its only line', async () => {
    const started = startHub({ env: { DATABASE_URL: addressWith({ pathname: '/nothing' }) } });
    await expect(started).rejects.toThrow(
      /^the hub ended before it was ready:\nThe database \S+ cannot be used: it has no such database\. Check DATABASE_URL\.\n$/,
    );
  });
});

describe('[D1] a server that could lose what was acknowledged is refused:', () => {
  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])('%s=off', async (name) => {
    await using unsafe = await PostgresServer.start({ settings: [`${name}=off`] });
    const said = await refusalOf(await unsafe.database());
    expect(said).toBe(
      `The database has ${name}=off: what the hub has acknowledged could be lost. Switch it on.`,
    );
  });

  it('a standby', async () => {
    await using standby = await PostgresServer.start();
    const url = await standby.database();
    await standby.stop();
    standby.becomeStandby();
    await standby.run();
    expect(await refusalOf(url)).toBe('The database is a standby. Point DATABASE_URL to the primary.');
  });
});

it('a hub refuses a folder that another hub uses, and starts once that one has ended', async () => {
  const url = await server.database();
  const own = join(folder, 'shared');
  const first = await openPostgresStore({ url, folder: own, tell: () => {} });
  const second = openPostgresStore({ url, folder: own, tell: () => {} });
  await expect(second).rejects.toThrow(
    `Another hub is already running on the data folder ${own}. Give each hub a folder of its own: set CAPS_DATA.`,
  );
  await first.close();
  await (await openPostgresStore({ url, folder: own, tell: () => {} })).close();
});

it('two hubs that start at once on an empty database make one log', async () => {
  const url = await server.database();
  const open = (name: string) => openPostgresStore({ url, folder: join(folder, name), tell: () => {} });
  const stores = await Promise.all(['a', 'b', 'c', 'd'].map(open));
  expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1);
  await Promise.all(stores.map((store) => store.close()));
});

it('an address may have options of its own', async () => {
  const url = await server.database();
  expect(await refusalOf(`${url}?options=-c%20statement_timeout%3D20000`)).toBe('open');
  expect(await server.query(new URL(url).pathname.slice(1), 'SELECT seq FROM caps.head')).toHaveLength(1);
});

describe('at its start a hub says', () => {
  it('which database it uses and which hub it is, without the password', async () => {
    const url = Object.assign(new URL(await server.database()), { password: 's3cret' });
    await using stack = new AsyncDisposableStack();
    const hub = await startHub({ env: { DATABASE_URL: url.href } });
    stack.defer(() => hub.dispose());
    const { serverId } = (await (await fetch(`${hub.url}/healthz`)).json()) as { serverId: string };
    const { port, pathname } = url;
    await expect
      .poll(() => hub.greeting)
      .toContain(
        `The log is in PostgreSQL at 127.0.0.1:${port}, database ${pathname.slice(1)}, user caps.\nAmong the hubs on it, this is ${serverId}.\n`,
      );
    expect(hub.greeting).not.toContain('s3cret');
  });

  it.each([
    ['', 'user caps.'],
    ['sslmode=disable', 'user caps.'],
    ['sslmode=require', 'user caps, encrypted, the server’s certificate not checked.'],
    ['sslmode=prefer', 'user caps, encrypted, the server’s certificate not checked.'],
    ['sslmode=no-verify', 'user caps, encrypted, the server’s certificate not checked.'],
    [
      'sslmode=verify-ca&sslrootcert=CERTIFICATE',
      'encrypted, the server’s certificate checked but for its name.',
    ],
    [
      'sslmode=verify-full&sslrootcert=CERTIFICATE',
      'user caps, encrypted, the server’s certificate checked.',
    ],
  ])('what TLS is worth with "%s", and nothing else', async (asked, words) => {
    const { secure, certificate } = await secured();
    const url = new URL(await secure.database());
    url.search = asked.replace('CERTIFICATE', certificate);
    const hub = await startHub({ env: { DATABASE_URL: url.href } });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => hub.dispose());
    await expect.poll(() => hub.greeting).toContain(words);
    expect(hub.said).toBe('');
  });

  it.each([
    ['sslmode=verify-full', 'its certificate is of an authority that is not known here'],
    ['sslmode=require&sslrootcert=/nowhere.pem', 'the file /nowhere.pem cannot be read'],
  ])('why it cannot use a database with "%s"', async (asked, words) => {
    const { secure } = await secured();
    expect(await refusalOf(`${await secure.database()}?${asked}`)).toMatch(
      new RegExp(`^The database \\S+ cannot be used: ${words}\\. Check DATABASE_URL\\.$`),
    );
  });
});
