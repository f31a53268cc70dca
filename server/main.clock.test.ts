import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CapsRecord, Notice } from '../protocol/messages.ts';
import { memoryFolder } from '../testkit/simulation/disk.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

let folder: string;
let child: ChildProcess | undefined;
let output = '';

beforeEach(() => {
  folder = memoryFolder();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

/** The real thing, on a machine whose clock is ahead. @returns its address */
async function start(aheadDays: number): Promise<string> {
  const settings = { PORT: '0', CAPS_TCP_PORT: '0', HOST: '127.0.0.1', CAPS_DATA: folder, LOG_LEVEL: 'warn' };
  // Timers run as they do: only the wall clock is another.
  const env = { ...settings, PATH: process.env['PATH'], FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  const hub = [process.execPath, main];
  const [program = '', ...args] = aheadDays === 0 ? hub : ['faketime', '-f', `+${aheadDays}d`, ...hub];
  output = '';
  // In a group of its own: faketime stays beside what it has started, and hands no signal on.
  const started = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child = started;
  const said = (data: unknown) => {
    output += String(data);
  };
  started.stdout.on('data', said);
  started.stderr.on('data', said);
  for (;;) {
    const [, port] = /running on {2}http:\/\/localhost:(\d+)\n/.exec(output) ?? [];
    if (port) return `http://127.0.0.1:${port}`;
    const ended = once(started, 'close').then(() => 'ended');
    if ((await Promise.race([ended, once(started.stdout, 'data')])) === 'ended') throw new Error(output);
  }
}

async function stop(): Promise<void> {
  const stopped = child;
  child = undefined;
  if (stopped?.pid === undefined || stopped.exitCode !== null) return;
  const closed = once(stopped, 'close');
  process.kill(-stopped.pid, 'SIGTERM');
  await closed;
}

async function place(url: string, orderID: string): Promise<void> {
  const response = await fetch(`${url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' }),
  });
  expect(response.status).toBe(201);
}

it('a clock that was 400 days ahead for one start: the next says so, and today’s orders are found today', {
  timeout: 60_000,
}, async () => {
  const wrong = await start(400);
  expect(await (await fetch(`${wrong}/readyz`)).json()).toEqual({ status: 'ok' });
  await place(wrong, 'ahead');
  await stop();
  expect(output).not.toContain('in the future');

  const url = await start(0);
  const words = expect.stringMatching(/^The log’s last record lies (399|400) days in the future: /);
  expect(output).toMatch(/"level":40,.*The log’s last record lies/);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', warning: words }]);
  const admin = io(`${url}/caps`, { auth: { protocol: 1, role: 'admin' }, transports: ['websocket'] });
  const notices = await new Promise<Notice[]>((resolve) => admin.once('notice', resolve));
  admin.close();
  expect(notices).toEqual([expect.objectContaining({ kind: 'hub', message: words })]);

  const from = new Date(Date.now() - 60_000).toISOString();
  await place(url, 'today');
  const to = new Date(Date.now() + 60_000).toISOString();
  const found = await fetch(`${url}/api/events?from=${from}&to=${to}`);
  const { items } = (await found.json()) as { items: CapsRecord[] };
  expect(items.map(({ payload }) => payload.orderID)).toEqual(['today']);
  const [today] = items;
  expect(Math.abs(Date.parse(today?.machineTime ?? '') - Date.now())).toBeLessThan(60_000);
});
