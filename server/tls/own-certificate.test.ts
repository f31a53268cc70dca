import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { allowedNames, issue, makeAuthority } from './authority.ts';
import { isOwnable, isPublicName, localNames } from './local-names.ts';
import { OwnCertificate } from './own-certificate.ts';
import { leafOf, validityOf } from './pairs.ts';

const dayMs = 86_400_000;
let folder: string;
let clock: SimulatedClock;
let names: string[];
let opened: OwnCertificate[];
beforeEach(() => {
  folder = join(memoryFolder(), 'https');
  clock = new SimulatedClock();
  names = ['localhost', '127.0.0.1', '192.168.1.5'];
  opened = [];
});
afterEach(() => {
  for (const own of opened) own.close();
  expect(clock.pending).toBe(0);
  rmSync(join(folder, '..'), { recursive: true });
});

async function open(): Promise<OwnCertificate> {
  const onFault = (error: unknown) => {
    throw error;
  };
  const own = await OwnCertificate.open({ folder, clock, names: () => names, onFault });
  opened.push(own);
  return own;
}

/** Waits for what a look at the certificate does in the background. */
async function look(own: OwnCertificate, ms: number): Promise<void> {
  const changed = new Promise<void>((resolve) => own.onChange(resolve));
  await clock.advance(ms);
  await changed;
}

it('a certificate is made for every name, by an authority of ten years that nobody else can read', async () => {
  const own = await open();
  const leaf = leafOf(own.pair);
  const root = new X509Certificate(own.root.bytes);
  expect(leaf.verify(root.publicKey) && leaf.checkIssued(root) && root.ca).toBe(true);
  for (const name of ['127.0.0.1', '192.168.1.5']) expect(leaf.checkIP(name)).toBe(name);
  expect(leaf.checkHost('localhost')).toBe('localhost');
  const { from, until } = validityOf(own.pair);
  expect((until - from) / dayMs).toBeLessThanOrEqual(397);
  expect(from).toBeLessThan(clock.now());
  expect((Date.parse(root.validTo) - clock.now()) / dayMs).toBeCloseTo(3_652, 0);
  for (const file of ['authority.pem', 'local.pem'])
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('a restart changes nothing, and two starts at once make one authority', async () => {
  const [first, second] = await Promise.all([open(), open()]);
  expect(second.root.fingerprint).toBe(first.root.fingerprint);
  const { pair } = await open();
  expect((await open()).pair).toEqual(pair);
  expect(leafOf(pair).verify(new X509Certificate(first.root.bytes).publicKey)).toBe(true);
});

it('it is renewed when a third of its life is left, and phones need not know', async () => {
  const own = await open();
  const { pair, root } = own;
  clock.set(262 * dayMs);
  await clock.advance(60_000);
  expect(own.pair).toEqual(pair);
  clock.set(2 * dayMs);
  await look(own, 60_000);
  expect(own.pair).not.toEqual(pair);
  expect(validityOf(own.pair).until).toBeGreaterThan(validityOf(pair).until + 200 * dayMs);
  expect(own.root).toEqual(root);
  expect(leafOf((await open()).pair).serialNumber).toBe(leafOf(own.pair).serialNumber);
});

it('the machine gets another address: the certificate is for it within a minute', async () => {
  const own = await open();
  names = [...names, '10.0.0.7'];
  await look(own, 60_000);
  expect(leafOf(own.pair).checkIP('10.0.0.7')).toBe('10.0.0.7');
  // One that is away again costs nothing.
  const { pair } = own;
  names = names.slice(0, -1);
  await clock.advance(120_000);
  expect(own.pair).toBe(pair);
});

it('a damaged certificate is made anew; a damaged authority ends the start, because phones trust the old one', async () => {
  const { root } = await open();
  writeFileSync(join(folder, 'local.pem'), 'oops');
  expect((await open()).root).toEqual(root);
  const text = readFileSync(join(folder, 'authority.pem'), 'utf8');
  for (const broken of ['', text.slice(0, 400), readFileSync(join(folder, 'local.pem'), 'utf8')]) {
    writeFileSync(join(folder, 'authority.pem'), broken);
    await expect(open()).rejects.toThrow(/authority\.pem is not this hub’s certificate authority any more/);
    expect(readFileSync(join(folder, 'authority.pem'), 'utf8')).toBe(broken);
  }
});

it('a clock that was years behind, or ahead, at the first start has made nothing that fails when it is right', async () => {
  const right = clock.now();
  for (const wrong of [Date.parse('1971-01-01'), Date.parse('2041-01-01')]) {
    rmSync(folder, { recursive: true, force: true });
    clock.set(wrong - right);
    const own = await open();
    clock.set(right - wrong);
    const root = new X509Certificate(own.root.bytes);
    expect(Date.parse(root.validFrom)).toBeLessThan(right);
    expect(Date.parse(root.validTo)).toBeGreaterThan(right + 365 * dayMs);
    await clock.advance(60_000);
    await expect.poll(() => validityOf(own.pair).from).toBeLessThan(right);
    expect(validityOf(own.pair).until).toBeGreaterThan(right);
    expect(own.fault).toBeUndefined();
    own.close();
  }
});

it('an authority that ends says so a year ahead, and what to do', async () => {
  const own = await open();
  expect(own.fault).toBeUndefined();
  clock.set(3_500 * dayMs);
  expect(own.fault).toMatch(/expires on 2036-.*open \/phone on every phone again/);
  clock.set(200 * dayMs);
  expect(own.fault).toMatch(/has expired on 2036-/);
  clock.set(-3_700 * dayMs - 400 * dayMs);
  expect(own.fault).toMatch(/clock is behind/);
});

it('it may vouch for local names alone, whatever it is asked', async () => {
  const more = ['kitchen', 'com', 'co.uk', 'shop-pc', 'pc.corp.example', '203.0.113.7'];
  const authority = await makeAuthority({ machine: 'pc', names: more, now: clock.now() });
  const asked = [...more, 'google.com', 'shop-pc.local', '8.8.8.8', '2001:db8::1', 'fd00::5', '10.1.2.3'];
  const allowed = ['shop-pc', 'pc.corp.example', '203.0.113.7', 'shop-pc.local', 'fd00::5', '10.1.2.3'];
  expect(allowedNames(authority, asked)).toEqual(allowed);
  const { subjectAltName = '' } = leafOf(await issue(authority, asked, clock.now()));
  expect(subjectAltName.split(', ')).toHaveLength(allowed.length);
});

it('tells names of the internet from those of a network, and of nobody', () => {
  expect(['hub.example.com', 'caps.shop'].map(isPublicName)).toEqual([true, true]);
  const others = ['com', 'localhost', 'pc.local', 'hub.lan', '192.168.1.5', '[::1]', 'hub.home.arpa'];
  expect(others.filter(isPublicName)).toEqual([]);
  expect(['pc.local', '10.0.0.1', 'shop-pc'].every(isOwnable)).toBe(true);
  expect(['kitchen', 'co.uk', 'xn--p1ai'].some(isOwnable)).toBe(false);
  expect(localNames(['hub.lan', 'not a name'])).toEqual(
    expect.arrayContaining(['localhost', '127.0.0.1', '::1', 'hub.lan']),
  );
  expect(existsSync(folder)).toBe(false);
});
