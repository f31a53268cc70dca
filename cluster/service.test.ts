/** Holds deploy/caps.service against systemd and against what a hub does. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { startHub } from '../testkit/hub-process.ts';
import { dial, next, orderOf } from '../testkit/test-client.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(tmpdir(), 'caps-unit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const unit = readFileSync(join(repository, 'deploy/caps.service'), 'utf8');
const valuesOf = (name: string): string[] =>
  Array.from(unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm')), ([, value = '']) => value);

/** Installed here and not in /opt. */
const file = join(folder, 'caps.service');
writeFileSync(file, unit.replaceAll('/opt/caps', repository));

/** Names of system calls in a group of systemd's, and in the groups within. */
async function callsIn(group: string): Promise<Set<string>> {
  const { stdout } = await run('systemd-analyze', ['syscall-filter', group]);
  const names = stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const inner = await Promise.all(
    names.map((name) => (name.startsWith('@') ? callsIn(name) : new Set([name]))),
  );
  return new Set(inner.flatMap((calls) => [...calls]));
}

it('systemd finds no fault in the unit, and calls its exposure OK', async () => {
  const { stdout, stderr } = await run('systemd-analyze', ['verify', file]);
  expect([stdout, stderr]).toEqual(['', '']);
  // In tenths; 10 would be a service with every right.
  await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', file]);
});

it('starts the hub as npm start does', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  expect(valuesOf('ExecStart')).toEqual([`/opt/caps/node_modules/.bin/${scripts.start}`]);
});

it('allows every system call that a hub makes', async () => {
  const [allowed = '', denied = ''] = valuesOf('SystemCallFilter');
  const calls = await callsIn(allowed);
  for (const name of await callsIn(denied.replace('~', ''))) calls.delete(name);

  const trace = join(folder, 'trace');
  const counting = ['-c', '-U', 'name', '-e', 'signal=none', '-o', trace];
  const hub = await startHub({ tcp: true, under: ['strace', '-D', '-f', ...counting] });
  const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
  await next(socket, 'welcome');
  expect(await socket.emitWithAck('commands', [orderOf('red', '1')])).toMatchObject([{ ok: true }]);
  for (const path of ['/', '/docs', '/metrics', '/api/orders?q=hulda', '/readyz'])
    expect((await fetch(hub.url + path)).status).toBe(200);
  socket.close();
  expect(await hub.stop()).toBe(0);
  await hub.dispose();

  const made = await untilWritten(trace);
  expect(made).toContain('fsync');
  // SQLite gives its files their owner if it runs as root, as tests may.
  expect(made.filter((name) => !calls.has(name) && name !== 'fchown')).toEqual([]);
});

/** strace writes its table after the hub's end. */
async function untilWritten(trace: string): Promise<string[]> {
  for (;;) {
    const lines = readFileSync(trace, 'utf8')
      .split('\n')
      .map((line) => line.trim());
    if (lines.some((line) => line.startsWith('---') && lines.indexOf(line) > 0))
      return lines.filter((line) => /^[a-z]\w*$/.test(line) && line !== 'syscall' && line !== 'total');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
