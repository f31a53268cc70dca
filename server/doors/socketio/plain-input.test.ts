import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { Bucket } from '../../edge/rate.ts';
import { type InputTotal, PlainInput } from './plain-input.ts';

const kib = 1_024;

/** A connection below the library, and what it is told. */
function connectionOf(name: 'websocket' | 'polling', total: InputTotal = { bytes: 0 }) {
  const told: string[] = [];
  const socket = { pause: () => told.push('pause'), resume: () => told.push('resume') };
  const connection = Object.assign(new EventEmitter(), { transport: { name, socket } });
  const bucket = new Bucket(Number.POSITIVE_INFINITY, new SimulatedClock());
  const input = new PlainInput(connection as never, bucket, total);
  const came = (bytes: number) => connection.emit('packet', { data: 'x'.repeat(bytes) });
  return { input, told, came, close: () => connection.emit('close') };
}

describe('[S2] a plain client over WebSocket', () => {
  it('is not read on while more than 256 KiB of it are not handled', () => {
    const { input, told, came } = connectionOf('websocket');
    input.begins();
    came(200 * kib);
    expect(told).toEqual([]);
    came(100 * kib);
    expect(told).toEqual(['pause']);
    expect(input.isFull).toBe(false);
    input.ends();
    expect(told).toEqual(['pause', 'resume']);
  });

  it('is read on when all of its namespaces are handled', () => {
    const { input, told, came } = connectionOf('websocket');
    input.begins();
    input.begins();
    came(300 * kib);
    input.ends();
    expect(told).toEqual(['pause']);
    input.ends();
    expect(told).toEqual(['pause', 'resume']);
  });

  it('may send as much as it likes while each is handled before the next', () => {
    const { input, told, came } = connectionOf('websocket');
    for (let i = 0; i < 20; i += 1) {
      came(200 * kib);
      input.begins();
      expect(input.isFull).toBe(false);
      input.ends();
    }
    expect(told).not.toContain('pause');
  });
});

it('[S2] a plain client over HTTP polling is refused past 2 MiB', () => {
  const { input, told, came } = connectionOf('polling');
  input.begins();
  for (let i = 0; i < 2; i += 1) came(1_024 * kib);
  expect(input.isFull).toBe(false);
  came(1);
  expect(input.isFull).toBe(true);
  input.ends();
  expect(input.isFull).toBe(false);
  expect(told).toEqual([]);
});

it('[S2] all plain clients together have 64 MiB, and those that have gone count until they are handled', () => {
  const total = { bytes: 0 };
  const all = Array.from({ length: 65 }, () => connectionOf('polling', total));
  for (const { input, came, close } of all) {
    input.begins();
    came(1_024 * kib);
    close();
  }
  const late = connectionOf('polling', total);
  expect(late.input.isFull).toBe(true);
  for (const { input } of all) input.ends();
  expect(late.input.isFull).toBe(false);
  expect(total.bytes).toBe(0);
});
