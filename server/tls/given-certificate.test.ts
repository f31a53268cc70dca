import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { issue, makeAuthority } from './authority.ts';
import { GivenCertificate } from './given-certificate.ts';
import type { Pair } from './pairs.ts';

const dayMs = 86_400_000;
let folder: string;
let clock: SimulatedClock;
let pairs: Pair[];
let said: string[];
let given: GivenCertificate;
let files: { cert: string; key: string };
beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  said = [];
  const authority = await makeAuthority({ machine: 'ca', names: [], now: clock.now() });
  pairs = await Promise.all([1, 2].map(() => issue(authority, ['localhost'], clock.now())));
  files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const pair = at(0);
  put(pair.cert, pair.key);
  given = new GivenCertificate({ files, pair, clock, tell: (words) => void said.push(words) });
});
afterEach(() => {
  given.close();
  expect(clock.pending).toBe(0);
  rmSync(folder, { recursive: true });
});

function at(i: number): Pair {
  const pair = pairs[i];
  if (!pair) throw new Error('no such pair');
  return pair;
}

function put(cert: string | undefined, key: string | undefined): void {
  if (cert !== undefined) writeFileSync(files.cert, cert);
  if (key !== undefined) writeFileSync(files.key, key);
}

/** Until the folder's change was noticed, and a second more. */
async function noticed(timers: number): Promise<void> {
  await expect.poll(() => clock.pending).toBeGreaterThan(timers);
  await clock.advance(2_000);
}

it('files that were replaced are used a moment later, without a restart', async () => {
  const changes: Pair[] = [];
  given.onChange(() => changes.push(given.pair));
  // As certbot does.
  writeFileSync(`${files.cert}.new`, at(1).cert);
  renameSync(`${files.cert}.new`, files.cert);
  put(undefined, at(1).key);
  await noticed(1);
  await expect.poll(() => changes).toEqual([at(1)]);
  expect(said).toEqual([expect.stringContaining('has changed; from now on the hub uses it')]);
  expect(given.fault).toBeUndefined();
});

it('a pair that does not match, and a file that is half written, leave the old one, and it is said', async () => {
  put(at(1).cert, undefined);
  await noticed(1);
  await expect.poll(() => given.fault).toMatch(/the key is not the certificate’s\)\. The hub goes on with/);
  expect(given.pair).toEqual(at(0));
  put(at(1).cert.slice(0, 300), at(1).key);
  await noticed(1);
  await expect.poll(() => given.fault).toMatch(/not in PEM|cannot be used as they are now/);
  expect(given.fault).not.toContain(at(1).key.slice(30, 60));
  expect(given.pair).toEqual(at(0));
  put(at(1).cert, undefined);
  await noticed(1);
  await expect.poll(() => given.fault).toBeUndefined();
  expect(given.pair).toEqual(at(1));
});

it('one that nobody renews says so in the last quarter of its life, and when it has expired', async () => {
  clock.set(290 * dayMs);
  expect(given.fault).toBeUndefined();
  clock.set(20 * dayMs);
  expect(given.fault).toMatch(/cert\.pem expires on 20\d\d-\d\d-\d\d, and has not been renewed/);
  clock.set(100 * dayMs);
  expect(given.fault).toMatch(/cert\.pem has expired on /);
  // What watches no folder looks by itself.
  rmSync(files.key);
  await clock.advance(700_000);
  expect(given.fault).toMatch(/expired .*ENOENT/);
});
