import { rmSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { issue, makeAuthority } from './authority.ts';
import { AuthorityAwayError, Challenges } from './challenges.ts';
import { type Pair, validityOf } from './pairs.ts';
import { PublicCertificate } from './public-certificate.ts';

const name = 'hub.example.com';
const minuteMs = 60_000;
const dayMs = 86_400_000;
let folder: string;
let clock: SimulatedClock;
let authority: Pair;
/** What the authority does next. */
let answer: () => Promise<Pair>;
let orders: number;
let said: string[];
let opened: PublicCertificate[];
beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  authority = await makeAuthority({ machine: 'ca', names: [name], now: clock.now() });
  answer = () => issue(authority, [name], clock.now());
  orders = 0;
  said = [];
  opened = [];
});
afterEach(() => {
  for (const one of opened) one.close();
  expect(clock.pending).toBe(0);
  rmSync(folder, { recursive: true });
});

function open(directory = 'https://ca.example/dir'): PublicCertificate {
  const order = () => {
    orders += 1;
    return answer();
  };
  const tell = (words: string) => void said.push(words);
  const one = new PublicCertificate({ name, directory, folder, clock, order, tell, chance: () => 0.5 });
  opened.push(one);
  one.start();
  return one;
}

/** Until this many orders were answered. */
async function ordered(count: number, one: PublicCertificate): Promise<void> {
  await expect.poll(() => orders).toBe(count);
  await expect.poll(() => one.context !== undefined || one.fault !== undefined).toBe(true);
}

function away(): Promise<Pair> {
  return Promise.reject(new AuthorityAwayError('getaddrinfo ENOTFOUND ca.example'));
}

it('one that does not answer at the start is asked again, at longer and longer intervals, and then it is well', async () => {
  answer = away;
  const one = open();
  await ordered(1, one);
  expect(one.context).toBeUndefined();
  expect(one.fault).toMatch(
    /no certificate for hub\.example\.com yet: .*does not answer .*the hub’s own stands in/,
  );
  await clock.advance(minuteMs);
  await ordered(2, one);
  await clock.advance(minuteMs);
  expect(orders).toBe(2);
  answer = () => issue(authority, [name], clock.now());
  await clock.advance(2 * minuteMs);
  await expect.poll(() => one.context).toBeDefined();
  expect(one.fault).toBeUndefined();
  expect(said).toEqual([expect.stringContaining(`There is a certificate for ${name}`)]);
});

it('what an authority cannot prove is not tried more than it allows', async () => {
  answer = () => Promise.reject(new Error('Fetching http://hub.example.com/: Timeout during connect'));
  const one = open();
  await ordered(1, one);
  expect(one.fault).toMatch(/does not get through to this hub .*Port 443 or port 80 of hub\.example\.com/);
  await clock.advance(29 * minuteMs);
  expect(orders).toBe(1);
  await clock.advance(2 * minuteMs);
  await ordered(2, one);
  answer = () => Promise.reject(new Error('co.uk is a public suffix'));
  await clock.advance(61 * minuteMs);
  await expect.poll(() => one.fault).toMatch(/refused \(co\.uk is a public suffix\)/);
});

it('a renewal that fails is said with the first try, two months before it hurts; an expired one is said as such', async () => {
  const one = open();
  await ordered(1, one);
  await expect.poll(() => one.context).toBeDefined();
  clock.set(255 * dayMs);
  await clock.advance(minuteMs);
  expect([orders, one.fault]).toEqual([1, undefined]);
  answer = away;
  clock.set(9 * dayMs);
  await clock.advance(minuteMs);
  await expect
    .poll(() => one.fault)
    .toMatch(/which expires on 20\d\d-\d\d-\d\d, was not renewed: .*not answer/);
  expect(one.context).toBeDefined();
  clock.set(140 * dayMs);
  expect(one.context).toBeUndefined();
  expect(one.fault).toMatch(/^The certificate for hub\.example\.com has expired on /);
  answer = () => issue(authority, [name], clock.now());
  await clock.advance(minuteMs);
  await expect.poll(() => one.fault).toBeUndefined();
  expect(one.context).toBeDefined();
});

it('a restart takes the one of before, but not another authority’s', async () => {
  await ordered(1, open());
  const again = open();
  expect(again.context).toBeDefined();
  expect(orders).toBe(1);
  const other = open('https://other.example/dir');
  expect(other.context).toBeUndefined();
  await ordered(2, other);
});

it('a handshake for a proof is known by its first message, in however many pieces it comes', async () => {
  const challenges = new Challenges();
  const pair = await issue(authority, [name], clock.now());
  expect(validityOf(pair).until).toBeGreaterThan(clock.now());
  const usual = Buffer.from([0x16, 3, 1, 0, 4, 1, 2, 3, 4]);
  const proof = Buffer.concat([Buffer.from([0x16, 3, 1, 0, 11]), Buffer.from('\u000aacme-tls/1', 'latin1')]);
  expect(challenges.contextFor(proof)).toBeUndefined();
  const takeBack = challenges.show(pair);
  expect(challenges.contextFor(usual)).toBeUndefined();
  expect(challenges.contextFor(usual.subarray(0, 6))).toBe('incomplete');
  expect(challenges.contextFor(proof.subarray(0, 3))).toBe('incomplete');
  expect(challenges.contextFor(proof)).toBeInstanceOf(createSecureContext().constructor);
  takeBack();
  expect(challenges.contextFor(proof)).toBeUndefined();
});
