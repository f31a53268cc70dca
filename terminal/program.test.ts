import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../client/client.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { ProgramProcess } from '../testkit/program-process.ts';

/** Timeout for six processes on a busy machine. */
const patientMs = 60_000;

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHub({ tcp: true });
});
afterAll(() => hub.dispose());

const running = new Set<ProgramProcess>();
afterEach(async () => {
  for (const program of running) await program.dispose();
  running.clear();
});

/** Starts a program as npm does. */
function start(name: string, ...args: string[]): ProgramProcess {
  const program = new ProgramProcess(process.execPath, [`terminal/${name}.ts`, ...args]);
  running.add(program);
  return program;
}

const overSocketIo = () => ['--url', hub.url];
const overTcp = () => ['--tcp', `127.0.0.1:${hub.tcpPort}`];
const idsIn = (lines: readonly string[], start: string): string[] =>
  lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).split(' ')[0] ?? '');
const sorted = (ids: readonly string[]): string[] => ids.toSorted();
const recordsIn = ({ lines }: ProgramProcess): CapsRecord[] => lines.map((line) => JSON.parse(line));

describe('[D3] shops and drivers on both doors work together while the hub is killed', () => {
  const count = 3;

  it('and each prints every line of its own exactly once', { timeout: patientMs }, async () => {
    const log = start('log', ...overTcp(), '--json', '--since-start');
    const ana = start('driver', ...overSocketIo(), '--driver', 'ana', '--name', 'Ana');
    const ben = start('driver', ...overTcp(), '--driver', 'ben', '--json');
    const usual = ['--every', '0.6', '--orders', String(count)];
    const red = start('vendor', ...overTcp(), '--store', 'red', ...usual);
    const blue = start('vendor', ...overSocketIo(), '--store', 'blue', '--json', ...usual);
    // Some orders are being sent, some are in hand, and some are still to come.
    await ana.until((lines) => lines.length > 0);
    await hub.kill();
    await red.until((said) => said.some((line) => line.startsWith('lost the hub')), 'said');
    await hub.start();

    expect([await red.ended(), await blue.ended()]).toEqual([0, 0]);
    expect([await ana.ended('SIGINT'), await ben.ended('SIGTERM')]).toEqual([0, 0]);
    await log.until((lines) => lines.filter((line) => line.includes('"delivered"')).length >= 2 * count);
    expect(await log.ended('SIGINT')).toBe(0);

    // The log has each record once.
    const records = recordsIn(log);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
    const happened = (event: string, who: object): string[] =>
      records
        .filter((record) => record.event === event)
        .filter(({ by, payload }) => expect.objectContaining(who).asymmetricMatch({ ...payload, by: by.id }))
        .map(({ payload }) => payload.orderID);
    expect(happened('delivered', { store: 'red' })).toHaveLength(count);
    expect(happened('delivered', { store: 'blue' })).toHaveLength(count);

    // Each of the others has printed its part of it, in order.
    expect(idsIn(red.lines, 'ordered ')).toEqual(happened('pickup', { store: 'red' }));
    expect(idsIn(red.lines, 'thank you for delivering ')).toEqual(happened('delivered', { store: 'red' }));
    expect(idsIn(ana.lines, 'picking up ')).toEqual(happened('in-transit', { by: 'ana' }));
    expect(idsIn(ana.lines, 'delivered ')).toEqual(happened('delivered', { by: 'ana' }));
    const inJson = (program: ProgramProcess) =>
      recordsIn(program).map(({ event, payload }) => `${event} ${payload.orderID}`);
    const all = (event: string, who: object) => happened(event, who).map((id) => `${event} ${id}`);
    expect(sorted(inJson(blue))).toEqual(
      sorted([...all('pickup', { store: 'blue' }), ...all('delivered', { store: 'blue' })]),
    );
    expect(sorted(inJson(ben))).toEqual(
      sorted([...all('in-transit', { by: 'ben' }), ...all('delivered', { by: 'ben' })]),
    );

    // The output is no terminal.
    for (const { lines, said } of [red, ana, ben, blue, log]) {
      expect([...lines, ...said].join('')).not.toContain('\u001b');
    }
    expect(ana.said.at(-1)).toMatch(/^off duty, \d delivered$/);
    expect(red.said).toContainEqual(expect.stringMatching(/^back/));
    expect(red.said.at(-1)).toBe(`${count} sent, ${count} thanked for`);
  });

  it('and the log prints it again in the lab’s format, until its reader closes the pipe', async () => {
    const pipe = `'${process.execPath}' terminal/log.ts --url ${hub.url} --since-start | head -1`;
    const shell = new ProgramProcess('sh', ['-c', pipe]);
    running.add(shell);
    let isOver = false;
    const ended = shell.ended().finally(() => {
      isOver = true;
    });
    await shell.until((lines) => lines.length > 0);
    // The writer notices a closed pipe with the next line.
    for (let i = 0; !isOver; i += 1) {
      const order = { store: 'unread', orderID: String(i), customer: 'Ida', address: 'Pass' };
      const body = JSON.stringify(order);
      const headers = { 'content-type': 'application/json' };
      await fetch(`${hub.url}/api/orders`, { method: 'POST', headers, body });
      await fetch(`${hub.url}/api/orders/unread/${i}/cancelled`, { method: 'POST' });
    }
    expect(await ended).toBe(0);
    expect(shell.lines).toEqual([
      expect.stringMatching(
        /^EVENT \{ event: 'pickup', time: '[^']+', payload: \{ store: '(red|blue)', .+ \} \}$/,
      ),
    ]);
    expect(shell.said.join('\n')).not.toMatch(/EPIPE|Error/);
  });

  it('and a terminal shows columns below each day, or with --lab the lab’s format', async () => {
    // A terminal that does not report its width.
    const terminal = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
    const log = [
      'terminal/log.ts',
      '--url',
      hub.url,
      '--since-start',
      '--once',
      '--search',
      'event:delivered',
    ];
    const [columns, lab] = [[], ['--lab']].map((more) => {
      const program = new ProgramProcess('python3', ['-c', terminal, process.execPath, ...log, ...more]);
      running.add(program);
      return program;
    });
    expect([await columns?.ended(), await lab?.ended()]).toEqual([0, 0]);
    const lines = (columns?.lines ?? []).map(stripVTControlCharacters);
    const rows = lines.filter((line) => /^\d\d:\d\d:\d\d {2}delivered /.test(line));
    expect(rows.length).toBe(2 * count);
    for (const row of rows)
      expect(row).toMatch(/^.{24} {2}\S+ +(red|blue) +(Ana|ben) +(tcp|socket\.io) +[^ ].*$/);
    expect(rows.filter((row) => row.length > 80)).toEqual([]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^Time {6}Event {11}Order +Store +By +Door +Customer$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^\d{4}-\d\d-\d\d$/));
    const said = stripVTControlCharacters((lab?.lines ?? []).join('\n'));
    expect(said.match(/^EVENT \{\n {2}event: 'delivered',$/gm)).toHaveLength(2 * count);
  });

  it('and the log prints the matches of a search after a cursor', async () => {
    const search = ['--search', 'event:delivered store:red'];
    const all = start('log', ...overSocketIo(), '--json', '--since-start', '--once', ...search);
    expect(await all.ended()).toBe(0);
    expect(recordsIn(all)).toHaveLength(count);
    const place = /--after (\S+)$/.exec(all.said.at(-1) ?? '')?.[1] ?? '';
    const seq = recordsIn(all).at(-2)?.seq;
    const after = `${place.split('.')[0]}.${seq}`;
    const rest = start('log', ...overTcp(), '--json', '--once', '--after', after, ...search);
    expect(await rest.ended()).toBe(0);
    expect(rest.lines).toEqual(all.lines.slice(-1));
  });
});

it('a driver who stops goes off duty, and resumes the parcels in hand when started again', async () => {
  const shop = connect({ url: hub.url, identity: { role: 'vendor', store: 'green' } });
  const first = start('driver', ...overTcp(), '--driver', 'chloe');
  const payload = { store: 'green', orderID: 'g1', customer: 'Zoë', address: '12 Elm Street' };
  await shop.command({ event: 'pickup', payload });
  shop.close();
  await first.until((lines) => lines.includes('picking up g1'));
  expect(await first.ended('SIGINT')).toBe(0);
  expect(first.said.at(-1)).toBe('off duty, 0 delivered; 1 in hand, go on with --driver chloe');
  const second = start('driver', ...overTcp(), '--driver', 'chloe', '--orders', '1');
  expect(await second.ended()).toBe(0);
  expect(second.lines).toEqual(['delivered g1']);
});

describe('a customer', () => {
  const place = ['--store', 'green', '--customer', 'Zoë', '--address', '12 Elm Street'];

  it('places an order, waits until it is delivered, and can look it up later', async () => {
    const ana = connect({ url: hub.url, identity: { role: 'driver', driver: 'ana', name: 'Ana' } });
    const customer = start('customer', ...overTcp(), ...place, '--order', 'c1');
    await customer.until((lines) => lines.includes('c1 ready'));
    const parcel = { store: 'green', orderID: 'c1' };
    await ana.command({ event: 'in-transit', payload: parcel });
    await ana.command({ event: 'attempt-failed', payload: parcel, details: { reason: 'not-home' } });
    const late = start('customer', ...overSocketIo(), '--store', 'green', '--order', 'c1', '--json');
    await late.until((lines) => lines.length === 1);
    await ana.command({ event: 'retried', payload: parcel });
    await ana.command({ event: 'delivered', payload: parcel });
    ana.close();
    expect(await customer.ended()).toBe(0);
    expect(customer.lines).toEqual([
      ...['c1 ready', 'c1 in transit, Ana', 'c1 failed, Ana, not-home', 'c1 in transit, Ana'],
      'c1 delivered, Ana',
    ]);
    expect(await late.ended()).toBe(0);
    const statuses = late.lines.map((line) => JSON.parse(line).status);
    expect(statuses).toEqual(['failed', 'in-transit', 'delivered']);

    const after = start('customer', ...overSocketIo(), '--store', 'green', '--order', 'c1');
    const again = start('customer', ...overSocketIo(), ...place, '--order', 'c1');
    expect([await after.ended(), await again.ended()]).toEqual([0, 0]);
    expect([after.lines, again.lines]).toEqual([['c1 delivered, Ana'], ['c1 delivered, Ana']]);
  });

  it('needs only the link, or on the TCP port the token in it', async () => {
    const shop = connect({ url: hub.url, identity: { role: 'vendor', store: 'green' } });
    const parcel = { store: 'green', orderID: 'l1' };
    await shop.command({
      event: 'pickup',
      payload: { ...parcel, customer: 'Zoë', address: '12 Elm Street' },
    });
    const response = await fetch(`${hub.url}/api/orders/green/l1?as=store:green`);
    const { tracking }: { tracking: string } = await response.json();
    const [byLink, byToken] = [
      start('customer', '--track', tracking),
      start('customer', ...overTcp(), '--track', tracking.replace(/^.*track./, '')),
    ];
    for (const customer of [byLink, byToken]) await customer.until((lines) => lines.length > 0);
    await shop.command({ event: 'cancelled', payload: parcel });
    shop.close();
    for (const customer of [byLink, byToken]) {
      expect(await customer.ended()).toBe(1);
      expect(customer.lines).toEqual(['l1 ready', 'l1 cancelled']);
      expect(customer.said.at(-1)).toBe('it was not delivered');
    }
    const guessed = start('customer', ...overSocketIo(), '--track', 'trk_guessed');
    expect(await guessed.ended()).toBe(1);
    expect(guessed.said).toEqual([expect.stringMatching(/^the hub refuses: /)]);
  });

  it('is told if there is no such order or no hub', async () => {
    const unknown = start('customer', ...overSocketIo(), '--store', 'green', '--order', 'nowhere');
    expect(await unknown.ended()).toBe(1);
    expect(unknown.said.at(-1)).toBe('green has no order nowhere');
    const other = ['--store', 'green', '--customer', 'Ida', '--address', 'Elsewhere', '--order', 'c1'];
    const conflict = start('customer', ...overTcp(), ...other);
    expect(await conflict.ended()).toBe(1);
    expect(conflict.said.at(-1)).toMatch(/^the order was refused: .+\.$/);
    expect([...unknown.lines, ...conflict.lines]).toEqual([]);
  });

  it('who cannot reach the hub is told so, and a second Ctrl-C ends the program', async () => {
    const customer = start('customer', '--url', 'http://127.0.0.1:9', ...place);
    await customer.until(
      (said) => said.some((line) => line.startsWith('cannot reach http://127.0.0.1:9')),
      'said',
    );
    const pressing = setInterval(() => customer.signal('SIGINT'), 50);
    expect(await customer.ended()).toBe(130);
    clearInterval(pressing);
    expect(customer.said.at(-1)).toBe('1 not yet taken by the hub; Ctrl-C again to leave at once');
  });
});

it('a wrong TCP port is named in the error', async () => {
  const log = start('log', '--tcp', hub.url.replace('http://', ''));
  expect(await log.ended()).toBe(1);
  expect(log.said[0]).toMatch(
    /^the hub refuses: What answers at 127\.0\.0\.1:\d+ is not the TCP port of a hub\.$/,
  );
});

it('each program has a help, and refuses an unknown option in one line', async () => {
  const names = ['vendor', 'driver', 'customer', 'log'];
  const started = names.map((name) => [name, start(name, '--help'), start(name, '--colour')] as const);
  for (const [name, help, wrong] of started) {
    expect([await help.ended(), await wrong.ended()]).toEqual([0, 2]);
    expect(help.lines.slice(0, 2)).toEqual([`Usage: npm run ${name} -- [options]`, '']);
    expect(help.lines).toContain('Examples:');
    expect([help.said, wrong.lines]).toEqual([[], []]);
    expect(wrong.said).toEqual([`${name}: Unknown option '--colour'. Try: npm run ${name} -- --help`]);
  }
});

it('contradicting options are refused in one line', async () => {
  const refused = [
    ['customer', ['--order', '1'], '--track or --store says where the order is.'],
    ['customer', ['--store', 'red'], '--order says which one, or --customer and --address place one.'],
    ['customer', ['--store', 'red', '--customer', 'Zoë'], '--customer and --address go together.'],
    ['log', ['--after', '0', '--since-start'], '--after and --since-start name two places to begin.'],
  ] as const;
  const started = refused.map(([name, args, why]) => [name, why, start(name, ...args)] as const);
  for (const [name, why, program] of started) {
    expect(await program.ended()).toBe(2);
    expect(program.said).toEqual([`${name}: ${why} Try: npm run ${name} -- --help`]);
  }
});
