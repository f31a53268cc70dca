import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { PacedLines, plainPauseMs } from './paced-lines.ts';

let clock: SimulatedClock;
let near: Socket;
let far: Socket;
let lines: PacedLines;
let heard: string;

/** The two ends of a real connection. */
beforeEach(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  clock = new SimulatedClock();
  lines = new PacedLines(near, clock);
  heard = '';
  far.on('data', (chunk) => {
    heard += String(chunk);
  });
});
afterEach(() => {
  near.destroy();
  far.destroy();
});

async function hears(text: string): Promise<void> {
  while (!heard.endsWith(text)) await once(far, 'data');
}
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);

it('writes one line, and the next after a pause', async () => {
  lines.pauseMs = plainPauseMs;
  for (const line of ['a', 'b', 'c']) lines.write(line);
  await hears('a\n');
  expect([heard, lines.queued]).toEqual(['a\n', 2]);
  await clock.advance(plainPauseMs - 1);
  expect(lines.queued).toBe(2);
  await clock.advance(1);
  await hears('b\n');
  expect(heard).toBe('a\nb\n');
  await clock.advance(plainPauseMs);
  await hears('c\n');
});

it('writes an urgent line before those that wait, after the pause, and urgent ones in their order', async () => {
  lines.pauseMs = plainPauseMs;
  lines.write('a', 'b');
  await hears('a\n');
  lines.writeFirst('first');
  lines.writeFirst('second');
  expect([heard, lines.queued]).toEqual(['a\n', 3]);
  for (const line of ['first', 'second', 'b']) {
    await clock.advance(plainPauseMs);
    await hears(`${line}\n`);
  }
  expect(heard).toBe('a\nfirst\nsecond\nb\n');
  lines.write('c');
  lines.end();
  lines.writeFirst('too late');
  await clock.advance(plainPauseMs);
  await once(far, 'end');
  expect([heard.endsWith('b\nc\n'), lines.queued]).toEqual([true, 0]);
});

it('pauses however many wait, so that no two are in one chunk', async () => {
  lines.pauseMs = plainPauseMs;
  const chunks: string[] = [];
  far.on('data', (chunk) => chunks.push(String(chunk)));
  lines.write(...numbered(150));
  for (let i = 0; i < 150; i += 1) {
    await hears(`${i}\n`);
    await clock.advance(plainPauseMs);
  }
  expect(chunks).toEqual(numbered(150).map((line) => `${line}\n`));
});

it('goes on at once when pauses are no longer asked for', async () => {
  lines.pauseMs = plainPauseMs;
  lines.write('a', 'b', 'c');
  lines.pauseMs = 0;
  await hears('a\nb\nc\n');
});

it('writes without pauses where none is asked for', async () => {
  for (const line of ['a', 'b', 'c']) lines.write(line);
  await hears('a\nb\nc\n');
});

it('hands the network no more than it takes, and tells when it has taken all', async () => {
  const line = 'x'.repeat(100_000);
  let came = 0;
  far.removeAllListeners('data');
  far.on('data', (chunk) => {
    came += chunk.length;
  });
  far.pause();
  for (const _ of numbered(400)) lines.write(line);
  expect(near.writableLength).toBeLessThan(300_000);
  expect(lines.queued).toBeGreaterThan(100);
  expect(lines.queuedSize).toBeGreaterThan(10_000_000);
  const drained = lines.drained();
  far.resume();
  await drained;
  expect([lines.queued, lines.queuedSize]).toEqual([0, 0]);
  while (came < 400 * (line.length + 1)) await once(far, 'data');
  expect(came).toBe(400 * (line.length + 1));
});

it('ends after all that waits, with its pauses', async () => {
  lines.pauseMs = plainPauseMs;
  for (const line of ['a', 'b', 'c']) lines.write(line);
  lines.end();
  lines.end();
  lines.write('too late');
  const ended = once(far, 'end');
  for (const text of ['a\n', 'b\n', 'c\n']) {
    await hears(text);
    await clock.advance(plainPauseMs);
  }
  await ended;
  expect(heard).toBe('a\nb\nc\n');
});

it('drops what it has not handed over', async () => {
  lines.pauseMs = plainPauseMs;
  for (const line of ['a', 'b', 'c']) lines.write(line);
  const drained = lines.drained();
  lines.drop();
  lines.pauseMs = 0;
  await drained;
  lines.write('d');
  await hears('d\n');
  expect(heard).toBe('a\nd\n');
});

it('[S2] whoever waits for a connection that ends waits no longer', async () => {
  far.pause();
  for (const _ of numbered(400)) lines.write('x'.repeat(100_000));
  const drained = lines.drained();
  near.destroy();
  await drained;
  expect(lines.queuedSize).toBe(0);
});
