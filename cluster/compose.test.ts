/** The services of deploy/compose.yaml as processes, with the settings that stand there. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accepts } from '../testkit/browser/proxies.ts';
import { commandIn, interpolate, readCompose, readDockerfile } from '../testkit/containers.ts';
import { type ReservedPort, reservePort } from '../testkit/ports.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { openStream } from '../testkit/rest-client.ts';
import { type BalancedHubs, startBalancedHubs } from './balanced-hubs.ts';

const run = promisify(execFile);
const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../deploy/${name}`, import.meta.url)), 'utf8');
const { services } = readCompose(read('compose.yaml'));
const folder = mkdtempSync(join(tmpdir(), 'caps-compose-'));

let postgres: PostgresServer;
let redis: ChildProcess;
let reserved: ReservedPort | undefined;
let redisPort: number;
let cluster: BalancedHubs;

beforeAll(async () => {
  postgres = await PostgresServer.start();
  await postgres.query('postgres', 'CREATE DATABASE caps');
  reserved = await reservePort();
  redisPort = reserved.port;
  const [program = '', ...args] = services['redis']?.command ?? [];
  const here = ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--dir', folder];
  redis = spawn(program, [...args, ...here], { stdio: 'ignore' });
  while (!(await accepts(redisPort))) await pause(50);

  const { DATABASE_URL: database = '', ...others } = services['hub-1']?.environment ?? {};
  const settings = Object.entries({ ...others, DATABASE_URL: database }).map(([name, value]) => [
    name,
    interpolate(value, { POSTGRES_PASSWORD: 'f00d' })
      .replace('@postgres:5432', `@127.0.0.1:${postgres.port}`)
      .replace('redis:6379', `127.0.0.1:${redisPort}`),
  ]);
  cluster = await startBalancedHubs({ env: { ...Object.fromEntries(settings), LOG_LEVEL: 'warn' } });
});
afterAll(async () => {
  await cluster?.dispose();
  const gone = redis?.exitCode === null ? once(redis, 'exit') : undefined;
  redis?.kill();
  await gone;
  reserved?.release();
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A service's health check, at the ports of this test. */
function check(name: string): Promise<boolean> {
  const image = readDockerfile(read('Dockerfile')).at(-1) ?? [];
  const inImage = commandIn(image.find((one) => one.name === 'HEALTHCHECK'));
  const [program = '', ...args] = services[name]?.healthcheck?.test.slice(1) ?? inImage;
  const ports: Record<string, string> = {
    PORT: new URL(cluster.hubs[name === 'hub-2' ? 1 : 0].url).port,
    PGPORT: `${postgres.port}`,
  };
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
  // redis-cli takes its port from an argument alone.
  const more = program === 'redis-cli' ? ['-p', `${redisPort}`] : [];
  const here = args.map((arg) => arg.replace('127.0.0.1:8080', `127.0.0.1:${cluster.httpPort}`));
  return run(program, [...more, ...here], { env: { ...ports, PATH } }).then(
    () => true,
    () => false,
  );
}

it('an order that comes in by one hub goes out by both, the bell rings in Redis, and all are healthy', async () => {
  const streams = await Promise.all(cluster.hubs.map(({ url }) => openStream(`${url}/api/events`)));
  for (let i = 0; i < 4; i += 1) {
    const body = JSON.stringify({
      store: 'red',
      orderID: `${i}`,
      customer: 'Hulda',
      address: '835 Meluk Pass',
    });
    const headers = { 'content-type': 'application/json' };
    const placed = await fetch(`${cluster.url}/api/orders`, { method: 'POST', headers, body });
    expect(placed.status).toBe(201);
  }
  for (const stream of streams) {
    for (const id of ['0', '1', '2', '3'])
      await stream.until(({ data }) => data?.includes(`"orderID":"${id}"`) === true);
    stream.close();
  }
  const { stdout } = await run('redis-cli', ['-p', `${redisPort}`, 'pubsub', 'channels']);
  expect(stdout.trim()).not.toBe('');
  for (const name of Object.keys(services)) expect([name, await check(name)]).toEqual([name, true]);
  expect(cluster.hubs.map(({ logged }) => logged)).toEqual(['', '']);
});

it('each health check fails when its service is gone', async () => {
  const gone = once(redis, 'exit');
  redis.kill();
  await gone;
  expect(await check('redis')).toBe(false);
  // The poll heals what the bell does not ring: a hub without it is healthy.
  expect(await check('hub-1')).toBe(true);
  await postgres.stop();
  expect(await check('postgres')).toBe(false);
  await expect.poll(() => check('hub-1'), { timeout: 30_000 }).toBe(false);
  await expect.poll(() => check('haproxy'), { timeout: 30_000 }).toBe(false);
  // Hubs that cannot record still answer, with a name for what is wrong.
  const statuses = async (kind: 'hub' | 'unready') =>
    (await cluster.states('requests', kind)).map(({ status }) => status);
  await expect.poll(() => statuses('hub'), { timeout: 30_000 }).toEqual(['DOWN', 'DOWN']);
  expect(await statuses('unready')).toEqual(['no check', 'no check']);
  expect((await fetch(`${cluster.url}/healthz`)).status).toBe(200);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ store: 'red', customer: 'Hulda', address: '835 Meluk Pass' });
  const refused = await fetch(`${cluster.url}/api/orders`, { method: 'POST', headers, body });
  expect(await refused.json()).toMatchObject({ code: 'unavailable', retryable: true });
});
