/** The hub with only the packages that `npm ci --omit=dev` installs. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  constants,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import lock from '../package-lock.json' with { type: 'json' };

const here = dirname(import.meta.dirname);
/** Files that a build and a start need. */
const ofBuild = [
  ...['web', 'client', 'vite.config.ts', 'oldest-browsers.ts', 'web-chunks.ts', 'tsconfig.json'],
];
const ofStart = ['server', 'protocol', 'docs', 'build.ts', 'package.json', 'package-lock.json'];

let top: string;
const running = new Set<number>();

beforeEach(() => {
  // Not below this folder, or Node would find its packages.
  top = mkdtempSync(join(tmpdir(), 'caps-production-'));
  for (const name of [...ofBuild, ...ofStart]) cpSync(join(here, name), join(top, name), { recursive: true });
  installProductionPackages();
});
afterEach(() => {
  for (const pid of running) process.kill(-pid, 'SIGKILL');
  running.clear();
  rmSync(top, { recursive: true });
});

/** Leaves out Node, which is on the path and larger than all others together. */
function installProductionPackages(): void {
  for (const [path, locked] of Object.entries(lock.packages)) {
    const isForDevelopers = 'dev' in locked;
    if (path !== '' && !isForDevelopers && !path.startsWith('node_modules/node-')) linkPackage(path);
  }
}

/** Copies a package without its nested ones, which the list has as well. Does nothing if it is not installed here. */
function linkPackage(path: string): void {
  const visit = (folder: string): void => {
    let entries: ReturnType<typeof entriesOf>;
    try {
      entries = entriesOf(join(here, folder));
    } catch {
      return;
    }
    mkdirSync(join(top, folder), { recursive: true });
    for (const entry of entries) {
      const name = join(folder, entry.name);
      if (entry.isFile()) linkOrCopy(join(here, name), join(top, name));
      else if (entry.isDirectory() && entry.name !== 'node_modules') visit(name);
    }
  };
  visit(path);
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // The temporary folder is on another file system.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}

/** Runs `npm start` as a service manager does. */
function start() {
  const child = spawn('npm', ['start'], {
    cwd: top,
    // Its own process group, so that a signal reaches the hub and not only npm.
    detached: true,
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      NODE_ENV: 'production',
      ...{ PORT: '0', CAPS_TCP_PORT: 'off', HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid = 0 } = child;
  running.add(pid);
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const closed = once(child, 'close').then(() => running.delete(pid));
  return {
    /** @returns its address @throws Error with its stderr if it does not start */
    async url(): Promise<string> {
      for await (const line of createInterface({ input: child.stdout })) {
        const [, port] = /running on {2}http:\/\/localhost:(\d+)/.exec(line) ?? [];
        if (port) return `http://127.0.0.1:${port}`;
      }
      throw new Error(stderr);
    },
    async stop(): Promise<void> {
      process.kill(-pid, 'SIGTERM');
      await closed;
    },
  };
}

async function expectPages(url: string): Promise<void> {
  const page = await fetch(`${url}/vendor`);
  expect(page.status).toBe(200);
  const [, script = ''] = /<script [^>]*src="([^"]+)"/.exec(await page.text()) ?? [];
  const code = await fetch(url + script);
  expect([code.status, code.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect((await fetch(`${url}/.build.json`)).status).toBe(404);
  expect(await (await fetch(`${url}/docs/protocol`)).text()).toContain('<title>The protocol · CAPS</title>');
}

it('npm start without development packages builds the pages, and later serves them without sources', async () => {
  expect(() => readdirSync(join(top, 'node_modules/vitest'))).toThrow('ENOENT');
  const first = start();
  await expectPages(await first.url());
  await first.stop();

  // As in an image with pages built elsewhere.
  const unneeded = ['vite', 'rolldown', '@rolldown', '@vitejs', 'lightningcss', '@faker-js'];
  // The hub renders the customer's page.
  const sources = readdirSync(join(top, 'web')).filter((name) => name !== 'words');
  const others = ofBuild.filter((name) => name !== 'web');
  const left = [
    ...sources.map((name) => `web/${name}`),
    ...others,
    ...unneeded.map((name) => `node_modules/${name}`),
  ];
  for (const name of left) rmSync(join(top, name), { recursive: true });
  const second = start();
  await expectPages(await second.url());
  await second.stop();

  rmSync(join(top, 'dist'), { recursive: true });
  await expect(start().url()).rejects.toThrow(
    /^The pages could not be built: there is no web\/index\.html\. Bring the folder web, or a folder dist that was built elsewhere\.\n/,
  );
});
