import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect, type Identity } from '../client/client.ts';
import type { Answer, Notice } from '../protocol/messages.ts';
import { isLive } from '../testkit/ending.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));

/** Runs the scripts behind `npm run backup` and `npm run restore`. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** Changes bytes of the file behind the hub's back, as a bad disk does. */
function change(folder: string, sql: string): void {
  const db = new DatabaseSync(join(folder, 'caps.sqlite'));
  db.exec(sql);
  db.close();
}

let top: string;
let hub: HubProcess;
beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'caps-'));
  hub = await startHub({ tcp: true, data: join(top, 'data') });
  const shop = io(`${hub.url}/caps`, { auth: { protocol: 1, role: 'vendor', store: 'red' } });
  for (let i = 1; i <= 5; i += 1) {
    const payload = { store: 'red', orderID: `${i}`, customer: `Hulda ${i}`, address: '835 Meluk Pass' };
    const [answer] = (await shop.emitWithAck('commands', [{ event: 'pickup', payload }])) as Answer[];
    expect(answer?.ok).toBe(true);
  }
  shop.close();
  await hub.stop();
  change(hub.data, `UPDATE log SET text = replace(text, 'Hulda', 'Hulca') WHERE seq = 3`);
  await hub.start();
});
afterAll(async () => {
  await hub.dispose();
  rmSync(top, { recursive: true });
});

const ask = async (path: string, options?: RequestInit) => {
  const response = await fetch(hub.url + path, options);
  return { status: response.status, text: await response.text() };
};

describe('[S6] a record that the disk has changed', () => {
  test.each([
    { role: 'admin' },
    { role: 'vendor', store: 'red' },
    { role: 'driver', driver: 'ana' },
  ] as const satisfies Identity[])(
    'is a gap with a name to a client of the SDK that reads past it: %j',
    async (identity) => {
      const client = connect({ url: hub.url, identity, after: '0' });
      const seen: number[] = [];
      const damaged: number[] = [];
      client.on('events', ({ records, damaged: lost }) => {
        seen.push(...records.map(({ seq }) => seq));
        damaged.push(...lost);
      });
      await isLive(client);
      expect([seen, new Set(damaged)]).toEqual([[1, 2, 4, 5], new Set([3])]);
      client.close();
    },
  );

  test('becomes an event of its own in an SSE stream, and the stream goes on', async () => {
    const cancel = new AbortController();
    const response = await fetch(`${hub.url}/api/events?after=0`, {
      ...{ headers: { accept: 'text/event-stream' }, signal: cancel.signal },
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"seq":5')) break;
    }
    cancel.abort();
    expect(text).toMatch(/id: \w+\.3\nevent: damaged\ndata: \{"seq":3\}\n/);
    expect(text).not.toContain('Hulca');
  });

  test('is named to a client on TCP', async () => {
    const socket = connectTcp(hub.tcpPort, '127.0.0.1');
    socket.write(
      `${JSON.stringify({ event: 'hello', payload: { protocol: 1, role: 'admin', after: '0' } })}\n`,
    );
    let text = '';
    for await (const chunk of socket) {
      text += chunk;
      if (text.includes('"seq":5')) break;
    }
    expect(text).toContain('"damaged":[3]');
    expect(text).not.toContain('Hulca');
  });

  test('is named in pages, searches, lists and downloads', async () => {
    expect(JSON.parse((await ask('/api/events')).text)).toMatchObject({ damaged: [3] });
    const search = JSON.parse((await ask('/api/events?q=hul')).text) as { items: { seq: number }[] };
    expect(search).toMatchObject({ damaged: [3] });
    expect(search.items.map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
    const moment = JSON.parse((await ask('/api/events?from=2020-01-01T00:00:00Z')).text);
    expect(moment).toMatchObject({ items: { length: 4 }, damaged: [3] });
    expect(JSON.parse((await ask('/api/orders')).text)).toMatchObject({ items: { length: 4 }, damaged: 1 });
    expect((await ask('/api/events?format=ndjson')).text.split('\n')[2]).toBe('{"seq":3,"damaged":true}');
    expect((await ask('/api/events?format=csv')).text.split('\r\n')[3]).toMatch(/^3,,,damaged,,/);
  });

  test('makes its parcel unreadable: it takes no more commands, and other parcels go on', async () => {
    const shown = await ask('/api/orders/red/3');
    expect([shown.status, JSON.parse(shown.text)]).toMatchObject([
      500,
      { code: 'internal', details: { damaged: 'the parcel of record 3' }, retryable: false },
    ]);
    const driver = io(`${hub.url}/caps`, { auth: { protocol: 1, role: 'driver', driver: 'ana' } });
    const take = (orderID: string) => ({ event: 'claimed', payload: { store: 'red', orderID } });
    const answers = (await driver.emitWithAck('commands', [take('3'), take('4')])) as Answer[];
    driver.close();
    expect(answers).toMatchObject([
      { ok: false, error: { code: 'internal', details: { damaged: 'the parcel of record 3' } } },
      { ok: true, rev: 2 },
    ]);
  });

  test('is reported to the operator: in the hub’s output, in /readyz and as a notice', async () => {
    await vi.waitFor(() => expect(hub.logged).toMatch(/The disk has damaged the parcel of record 3\./));
    const ready = await ask('/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toMatchObject([200, { status: 'ok' }]);
    expect(JSON.parse(ready.text).damaged).toContain('record 3');
    const admin = io(`${hub.url}/caps`, { auth: { protocol: 1, role: 'admin' } });
    const notices = await new Promise<Notice[]>((resolve) => admin.once('notice', resolve));
    admin.close();
    expect(notices.map(({ message }) => message).join()).toContain('The disk has damaged');
  });

  test('makes a backup fail and name it; with --skip the copy has a gap there', async () => {
    const [file, data] = [join(top, 'copy.sqlite'), join(top, 'again')];
    expect(await run('backup', '--data', hub.data, '--to', file)).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: 'The disk has damaged record 3. Take an earlier backup, or say --skip to go around it.\n',
    });
    expect(readdirSync(top).sort()).toEqual(['data']);
    const skipping = await run('backup', '--data', hub.data, '--to', file, '--skip');
    expect([skipping.code, skipping.stderr]).toEqual([0, '']);
    expect(skipping.stdout).toContain('Damaged, and not in it: record 3.\n');
    expect((await run('restore', '--from', file, '--data', data)).stderr).toContain('record 3');
    expect(await run('restore', '--from', file, '--data', data, '--skip')).toMatchObject({
      code: 0,
      stderr: '',
    });
    const other = await startHub({ data });
    const page = await (await fetch(`${other.url}/api/events`)).json();
    await other.dispose();
    expect(page).toMatchObject({ damaged: [3] });
  });
});

test('[S6] a restore with --skip rebuilds a damaged parcel from its sound records', async () => {
  const data = join(top, 'parcel');
  const first = await startHub({ data });
  const shop = io(`${first.url}/caps`, { auth: { protocol: 1, role: 'vendor', store: 'red' } });
  const payload = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  await shop.emitWithAck('commands', [{ event: 'pickup', payload }]);
  shop.close();
  await first.stop();
  change(data, `UPDATE parcels SET status = 'delivered'`);
  const file = join(top, 'parcel.sqlite');
  expect((await run('backup', '--data', data, '--to', file)).stderr).toContain('the parcel of record 1');
  expect((await run('backup', '--data', data, '--to', file, '--skip')).code).toBe(0);
  const db = new DatabaseSync(file, { readOnly: true });
  expect(db.prepare('SELECT status, crc FROM parcels').get()).toMatchObject({ status: 'ready' });
  db.close();
});
