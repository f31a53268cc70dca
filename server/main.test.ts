import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Command } from '../protocol/messages.ts';
import { certificate, certificateKey } from '../testkit/simulation/certificate.ts';
import { dial, next, orderOf } from '../testkit/test-client.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** Of what surrounds the tests, the hub gets where its compiled code is kept, and nothing else. */
const compiled = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '' };

/**
 * The real thing, as `npm start` runs it. Not a `ProgramProcess`, which reads lines at once and hands on our environment:
 * here the exact bytes count, whether somebody reads them, and that no setting of ours reaches the hub.
 */
class Hub {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  stdout = '';
  stderr = '';

  constructor(env: Record<string, string>, command: readonly string[] = [process.execPath, main]) {
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, {
      env: {
        ...compiled,
        PORT: '0',
        CAPS_TCP_PORT: '0',
        HOST: '127.0.0.1',
        CAPS_DATA: folder,
        LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    // Exit comes before the end of the output, close after it.
    this.#exit = once(this.#child, 'close');
    this.#child.stdout?.on('data', (data) => {
      this.stdout += String(data);
    });
    this.#child.stderr?.on('data', (data) => {
      this.stderr += String(data);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with its address. */
  async ready(): Promise<URL> {
    for (;;) {
      const [, port] = /running on {2}http:\/\/localhost:(\d+)\n/.exec(this.stdout) ?? [];
      if (port) return new URL(`http://127.0.0.1:${port}`);
      const closed = this.#exit.then(() => 'closed');
      const more = this.#child.stdout && once(this.#child.stdout, 'data');
      if ((await Promise.race([closed, more])) === 'closed') throw new Error(this.stderr);
    }
  }

  /** Resolves when the process is gone, though its output may not have been read to the end. */
  async exited(signal: NodeJS.Signals): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  /** Its output is not read any more, or on again. */
  set unread(unread: boolean) {
    if (unread) this.#child.stdout?.pause();
    else this.#child.stdout?.resume();
  }

  /** Nobody will ever read its output. */
  hangUp(): void {
    this.#child.stdout?.destroy();
  }

  /** Resolves when its output holds this. */
  async said(text: string): Promise<void> {
    while (!this.stdout.includes(text)) if (this.#child.stdout) await once(this.#child.stdout, 'data');
  }

  /** @returns its exit code */
  async ended(signal?: NodeJS.Signals): Promise<unknown> {
    if (signal) this.#child.kill(signal);
    const [code] = await this.#exit;
    running.delete(this.#child);
    return code;
  }
}

const running = new Set<ChildProcess>();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

describe('does not start, says why in one line and leaves everything as it was:', () => {
  async function expectRefused(env: Record<string, string>, why: RegExp): Promise<void> {
    const hub = new Hub(env);
    expect(await hub.ended()).toBe(1);
    expect(hub.stderr).toMatch(why);
    expect(hub.stderr).toMatch(/^[^\n]+\.\n$/);
    expect(hub.stderr).not.toMatch(/Error|node_modules|\.ts/);
    expect(hub.stdout).toBe('');
  }

  async function expectUntouched(file: string, why: RegExp): Promise<void> {
    const before = readFileSync(file);
    await expectRefused({}, why);
    expect(readFileSync(file).equals(before)).toBe(true);
  }

  it('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expectRefused({ PORT: `${port}` }, new RegExp(`^Port ${port} is already in use\\. Set PORT`));
    other.close();
  });

  it('an address that is not this machine’s', () =>
    expectRefused({ HOST: '203.0.113.7' }, /^HOST 203\.0\.113\.7 is not an address/));

  it('a folder that cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    await expectRefused({ CAPS_DATA: join(file, 'data') }, /^The data folder .* cannot be written/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('a file that is no database', async () => {
    const file = join(folder, 'caps.sqlite');
    writeFileSync(file, 'This is my diary. '.repeat(1_000));
    await expectUntouched(file, /is not a SQLite database, or it is damaged/);
  });

  it('a database of a newer version', async () => {
    await openSqliteStore(folder).close();
    const file = join(folder, 'caps.sqlite');
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 1000');
    db.close();
    await expectUntouched(file, /was written by a newer CAPS/);
  });

  it('a folder that another hub has', async () => {
    const first = new Hub({});
    const url = await first.ready();
    await expectRefused({}, /^Another hub is already running on the data folder/);
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    expect(await first.ended('SIGTERM')).toBe(0);
  });

  // Each of the others is in config.test.ts.
  it('a setting that cannot be read', () => expectRefused({ CAPS_RATE: '0' }, /^CAPS_RATE /));
});

it('by HTTPS, says so; a key that is another certificate’s is refused', async () => {
  const files = { CAPS_TLS_CERT: join(folder, 'cert.pem'), CAPS_TLS_KEY: join(folder, 'key.pem') };
  writeFileSync(files.CAPS_TLS_CERT, certificate);
  writeFileSync(files.CAPS_TLS_KEY, certificateKey);
  const hub = new Hub({ ...files, CAPS_TCP_PORT: '0' });
  await hub.said('may take any role');
  expect(hub.stdout).toMatch(
    /^CAPS is running on {2}https:\/\/localhost:\d+\nOnly this machine can reach it\.\n/,
  );
  expect(hub.stdout).toMatch(/by TCP on port \d+, which is not encrypted\./);
  expect(hub.stdout).not.toMatch(/http:/);
  expect(await hub.ended('SIGTERM')).toBe(0);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(files.CAPS_TLS_KEY, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const refused = new Hub(files);
  expect(await refused.ended()).toBe(1);
  expect(refused.stderr).toMatch(/^CAPS_TLS_KEY [^\n]+ is not the key of the certificate [^\n]+\.\n$/);
});

describe('[S4] when it is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: what was acknowledged is stored, what is stored was acknowledged',
    async (signal) => {
      const hub = new Hub({});
      const { origin } = await hub.ready();
      expect(hub.stdout).toContain('Access is open');
      const socket = dial(`${origin}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
      await next(socket, 'welcome');
      const acked: string[] = [];
      let isTold = false;
      const gone = next(socket, 'disconnect');
      // Batch after batch until the hub hangs up. `proofs/stop.test.ts` has a thousand commands under way.
      const send = async (lane: number): Promise<void> => {
        for (let round = 0; socket.connected; round += 1) {
          const ids = Array.from({ length: 50 }, (_, i) => `${lane}-${round}-${i}`);
          const batch = ids.map((id) => ({ ...orderOf('red', id), id }) as Command);
          // Cut off while it waits: such a command may be stored, and then its answer got lost with the connection.
          const answers: Answer[] = await socket.emitWithAck('commands', batch).catch(() => []);
          acked.push(...ids.filter((_, i) => answers[i]?.ok));
          // Of a batch on a busy machine the hub may have refused a part.
          if (acked.length < 1_000 || isTold) continue;
          isTold = true;
          void hub.ended(signal);
        }
      };
      await Promise.all(Array.from({ length: 4 }, (_, lane) => send(lane)));
      expect(await gone).toBe('transport close');
      expect([await hub.ended(), hub.stderr]).toEqual([0, '']);
      socket.close();

      const store = openSqliteStore(folder);
      const { parcels } = await store.parcels({ order: 'oldest', limit: 1_000_000 });
      await store.close();
      expect(acked.length).toBeGreaterThanOrEqual(1_000);
      expect(parcels.map(({ payload }) => payload.orderID).sort()).toEqual(acked.sort());
    },
  );

  it('with CAPS_DRAIN it works on after a first SIGTERM, is not ready, and stops at once after a second', async () => {
    const hub = new Hub({ CAPS_DRAIN: '60' });
    const url = await hub.ready();
    const readiness = async () => (await fetch(new URL('/readyz', url))).status;
    expect(await readiness()).toBe(200);
    process.kill(hub.pid, 'SIGTERM');
    await expect.poll(readiness).toBe(503);
    expect((await fetch(new URL('/api/orders', url))).status).toBe(200);
    expect(await hub.ended('SIGTERM')).toBe(0);
  });

  it('with CAPS_DRAIN it stops at once after a Ctrl-C', async () => {
    const hub = new Hub({ CAPS_DRAIN: '60' });
    await hub.ready();
    expect(await hub.ended('SIGINT')).toBe(0);
  });

  it('connections that say nothing do not hold it up', async () => {
    const hub = new Hub({});
    const { port } = await hub.ready();
    const silent = connect(Number(port), '127.0.0.1');
    const slow = connect(Number(port), '127.0.0.1');
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
    slow.write('GET / HTTP/1.1\r\nHost: ');
    const start = performance.now();
    const ends = [silent, slow].map(
      (socket) =>
        new Promise((resolve) =>
          socket
            .resume()
            .on('error', () => {})
            .on('close', resolve),
        ),
    );
    expect(await hub.ended('SIGTERM')).toBe(0);
    await Promise.all(ends);
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});

it('started by npm, stops with npm’s shell, which gets the signal in its place', async () => {
  const hub = new Hub({ npm_lifecycle_event: 'start' }, [
    'sh',
    '-c',
    `"${process.execPath}" "${main}" & wait`,
  ]);
  const url = await hub.ready();
  await hub.exited('SIGTERM');
  await hub.ended();
  await expect(fetch(url)).rejects.toThrow();
  expect(hub.stderr).toBe('');
});

describe('its output', () => {
  async function place({ origin }: URL, ids: readonly string[]): Promise<void> {
    const socket = dial(`${origin}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
    await next(socket, 'welcome');
    for (let from = 0; from < ids.length; from += 200) {
      const batch = ids.slice(from, from + 200).map((id) => orderOf('red', id));
      const answers: Answer[] = await socket.emitWithAck('commands', batch);
      expect(answers.every(({ ok }) => ok)).toBe(true);
    }
    socket.close();
  }
  it('[A2] where access is keyed, tells of no event however much else it tells', async () => {
    const key = 'first-key';
    const hub = new Hub({ LOG_LEVEL: 'trace', CAPS_ADMIN_KEY: key });
    const url = await hub.ready();
    const body = JSON.stringify({ ...(orderOf('red', '1') as { payload: object }).payload });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    expect((await fetch(new URL('/api/orders', url), { method: 'POST', headers, body })).status).toBe(201);
    expect([await hub.ended('SIGTERM'), hub.stderr]).toEqual([0, '']);
    expect(hub.stdout).toContain('Access is keyed: nothing without a key.');
    expect(hub.stdout).toContain('CAPS_ADMIN_KEY is short enough to be guessed');
    expect(hub.stdout).not.toMatch(/EVENT|Hulda|first-key|Access is open/);
  });

  const printed = ({ stdout }: Hub) =>
    Array.from(stdout.matchAll(/orderID: '([^']*)'/g), ([, id = '']) => id);
  const many = Array.from({ length: 2_000 }, (_, i) => `${i}`);

  it('is the greeting and every event on a line of its own', async () => {
    const hub = new Hub({ LOG_LEVEL: 'info' });
    await place(await hub.ready(), ['1', '2']);
    expect([await hub.ended('SIGTERM'), hub.stderr]).toEqual([0, '']);
    const lines = hub.stdout.split('\n').filter((line) => line.startsWith('EVENT'));
    const order = String.raw`\{ store: 'red', orderID: '\d', customer: 'Hulda', address: '835 Meluk Pass' \}`;
    const line = new RegExp(
      `^EVENT \\{ event: 'pickup', time: '[^']+', payload: ${order} \\} by vendor red via socket\\.io$`,
    );
    expect(lines).toEqual([expect.stringMatching(line), expect.stringMatching(line)]);
  });

  it('with CAPS_PRINT=lab is the greeting and every event, as the lab’s hub prints them', async () => {
    const hub = new Hub({ LOG_LEVEL: 'info', CAPS_PRINT: 'lab' });
    const url = await hub.ready();
    await place(url, ['1', '2']);
    // At once: what was recorded is printed though the hub stops.
    expect([await hub.ended('SIGTERM'), hub.stderr]).toEqual([0, '']);
    expect(hub.stdout).toMatch(/^CAPS is running on /);
    expect(printed(hub)).toEqual(['1', '2']);
    const time = /'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z'/;
    expect(hub.stdout).toMatch(
      new RegExp(
        `^EVENT \\{\n  event: 'pickup',\n  time: ${time.source},\n  payload: \\{\n    store: 'red',\n    orderID: '1',\n` +
          `    customer: 'Hulda',\n    address: '835 Meluk Pass'\n  \\}\n\\}\n`,
        'm',
      ),
    );
    // Its own words are lines of JSON.
    expect(hub.stdout).toMatch(/^\{"level":30,.*"msg":"stopping"\}$/m);
  });

  it.each(['warn', 'silent'])('says nothing of events at LOG_LEVEL=%s', async (level) => {
    const hub = new Hub({ LOG_LEVEL: level });
    await place(await hub.ready(), ['1', '2']);
    expect(await hub.ended('SIGTERM')).toBe(0);
    expect(hub.stdout).toMatch(/^CAPS is running on /);
    expect(hub.stdout).not.toMatch(/EVENT|\{/);
  });

  it('[S2] may stand still: the hub works on, and nothing is missing when it is read again', async () => {
    const hub = new Hub({ LOG_LEVEL: 'info' });
    const url = await hub.ready();
    hub.unread = true;
    await place(url, many);
    expect((await fetch(new URL('/readyz', url))).status).toBe(200);
    expect(printed(hub).length).toBeLessThan(many.length);
    hub.unread = false;
    await hub.said(`orderID: '${many.at(-1)}'`);
    expect(printed(hub)).toEqual(many);
    expect(await hub.ended('SIGTERM')).toBe(0);
  });

  it('[S2][S4] may stand still for good: the hub stops all the same', async () => {
    const hub = new Hub({ LOG_LEVEL: 'info' });
    const url = await hub.ready();
    hub.unread = true;
    await place(url, many);
    await hub.exited('SIGTERM');
    hub.unread = false;
    expect(await hub.ended()).toBe(0);
  });

  it('[S1] may be closed by its reader: the hub works on', async () => {
    const hub = new Hub({ LOG_LEVEL: 'info' });
    const url = await hub.ready();
    hub.hangUp();
    await place(url, many);
    await place(url, ['more']);
    expect((await fetch(new URL('/readyz', url))).status).toBe(200);
    expect([await hub.ended('SIGTERM'), hub.stderr]).toEqual([0, '']);
  });
});
