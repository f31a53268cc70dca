/** Every terminal program reads a log of an older hub, which accepted any character. */

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attacks } from '../protocol/characters.samples.ts';
import type { Command } from '../protocol/messages.ts';
import type { App } from '../server/app.ts';
import { systemClock } from '../server/clock.ts';
import { createHub } from '../server/hub/hub.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import { ProgramProcess } from '../testkit/program-process.ts';
import { startApp } from '../testkit/real-hub.ts';
import { memoryFolder } from '../testkit/simulation/disk.ts';

const patientMs = 60_000;
const all = attacks.map(({ char }) => char).join('x');
/** Even an older hub refused ASCII control characters in an id. */
const odd = attacks.filter(({ char }) => char > '\u007f').map(({ char }) => char);
const ids = [0, 1, 2].map((part) => `a${odd.filter((_, i) => i % 3 === part).join('b')}c`);

let hub: App;
const folder = memoryFolder();
const programs: ProgramProcess[] = [];
beforeAll(async () => {
  await fillAsAnOlderHub();
  const places = { PORT: '0', CAPS_TCP_PORT: 'off', HOST: '127.0.0.1', CAPS_DATA: folder };
  hub = await startApp({ ...places, LOG_LEVEL: 'silent' });
});
afterAll(async () => {
  for (const program of programs) await program.dispose();
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The hub does not check input behind its doors again. */
async function fillAsAnOlderHub(): Promise<void> {
  const store = openSqliteStore(folder);
  const older = await createHub({
    store,
    clock: systemClock,
    onFault: (error) => expect.fail(String(error)),
  });
  const orders = ids.map((orderID): Command => {
    const payload = { store: 'red', orderID, customer: `C${all}`, address: `1${all}`, more: { [all]: all } };
    return { event: 'pickup', payload };
  });
  const answers = await older.submit({ role: 'vendor', store: 'red' }, 'rest', orders);
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  await older.close();
  await store.close();
}

function start(name: string, ...args: string[]): ProgramProcess {
  const program = new ProgramProcess(process.execPath, [`terminal/${name}.ts`, '--url', hub.url, ...args]);
  programs.push(program);
  return program;
}

function startOnTerminal(...args: string[]): ProgramProcess {
  const terminal = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
  const rest = [process.execPath, 'terminal/log.ts', '--url', hub.url, ...args];
  const program = new ProgramProcess('python3', ['-c', terminal, ...rest], { env: { FORCE_COLOR: '1' } });
  programs.push(program);
  return program;
}

/** The unreadable characters in a program's output, without its colours. */
function rawIn({ lines, said }: ProgramProcess): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const written = [...lines, ...said].join('\n').replace(/\u001b\[\d*(;\d+)*m/g, '');
  return written.match(/[^\n -~…\p{L}]/gu) ?? [];
}

it('no program prints terminal commands or invisible characters', { timeout: patientMs }, async () => {
  // The shop sends an order when it starts.
  const count = ids.length + 1;
  const shop = start('vendor', '--store', 'red', '--every', '3600');
  await shop.until((lines) => lines.some((line) => line.startsWith('ordered')));
  const driver = start('driver', '--driver', 'ana', '--orders', String(count));
  expect(await driver.ended()).toBe(0);
  const thanks = (lines: readonly string[]) => lines.filter((line) => line.startsWith('thank you')).length;
  await shop.until((lines) => thanks(lines) === count);
  expect(await shop.ended('SIGTERM')).toBe(0);
  expect(driver.lines).toHaveLength(2 * count);
  // The two orders come in any order.
  for (const escaped of [/picking up a.*\\u009b/s, /picking up a.*\\u202e/s]) {
    expect(driver.lines.join()).toMatch(escaped);
  }

  const reading = ['--since-start', '--once'];
  const json = start('log', ...reading, '--json');
  const logs = [
    json,
    start('log', ...reading),
    startOnTerminal(...reading),
    startOnTerminal(...reading, '--lab'),
  ];
  for (const log of logs) expect(await log.ended()).toBe(0);
  for (const program of [shop, driver, ...logs]) {
    expect(program.lines.length).toBeGreaterThan(2);
    expect(rawIn(program)).toEqual([]);
  }
  // The JSON has the whole value.
  const [first] = json.lines.map((line) => JSON.parse(line));
  expect(first.payload).toMatchObject({ orderID: ids[0], customer: `C${all}`, more: { [all]: all } });
});

it('an error repeats a mistyped value in readable form', async () => {
  const wrong = `a${odd.join('b')}c\u001b[2J`;
  for (const [name, ...args] of [
    ['customer', '--track', wrong],
    ['vendor', '--every', wrong],
    ['log', `--${wrong}`],
    ['driver', '--tcp', wrong],
  ]) {
    const program = start(name ?? '', ...args);
    expect([name, await program.ended()]).toEqual([name, 2]);
    expect(program.said.join()).toContain('\\u009b');
    expect(rawIn(program)).toEqual([]);
  }
});
