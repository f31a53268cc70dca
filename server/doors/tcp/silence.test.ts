import { beforeEach, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits.ts';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { Silence } from './silence.ts';

let clock: SimulatedClock;
let told: string[];

beforeEach(() => {
  clock = new SimulatedClock();
  told = [];
});

/** A connection that has just been accepted. */
function accept(isKeyed = false): Silence {
  return new Silence({
    clock,
    isKeyed,
    onNoHello: () => void told.push('no hello'),
    onNothingSaid: () => void told.push('nothing said'),
    onDeviceSilent: (afterMs) => void told.push(`silent for ${afterMs / 1_000} s`),
  });
}

it('a silent client is a plain client after 200 ms, and is greeted after 300', async () => {
  accept();
  await clock.advance(199);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(['no hello']);
  await clock.advance(100);
  expect(told).toEqual(['no hello', 'nothing said']);
});

it('where access is keyed, a hello may take as long as joining may', async () => {
  const silence = accept(true);
  silence.broken();
  await clock.advance(limits.joinMs - 1);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(['no hello']);
});

it('a client that says anything is not greeted; half a message is no hello', async () => {
  const silence = accept();
  silence.broken();
  await clock.advance(1_000);
  expect(told).toEqual(['no hello']);
});

it('once it is known who it is, no hello is awaited', async () => {
  const silence = accept();
  silence.broken();
  silence.decided();
  await clock.advance(limits.joinMs);
  expect(told).toEqual([]);
});

it('a device is taken for offline 150 s after its last sign of life', async () => {
  const silence = accept();
  silence.broken();
  silence.decided();
  silence.named();
  await clock.advance(149_000);
  silence.broken();
  await clock.advance(149_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(['silent for 150 s']);
});

it('a client that named no device may be silent for ever', async () => {
  const silence = accept();
  silence.broken();
  silence.decided();
  await clock.advance(24 * 60 * 60 * 1_000);
  expect(told).toEqual([]);
});

it('nothing follows once the connection is over', async () => {
  const silence = accept();
  silence.named();
  silence.close();
  silence.close();
  await clock.advance(1_000_000);
  expect(told).toEqual([]);
  expect(clock.pending).toBe(0);
});
