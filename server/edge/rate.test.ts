import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CapsError } from '../../protocol/errors.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Bucket, Rates } from './rate.ts';

let clock: SimulatedClock;
beforeEach(() => {
  clock = new SimulatedClock();
});

/** How many of so many commands, one right after the other, may go on. */
function sent(bucket: Bucket, count: number): number {
  return Array.from({ length: count }, () => bucket.take()).filter((refusal) => !refusal).length;
}

describe('[S3] one connection', () => {
  it('may send ten seconds’ worth at once, and is then told when to come again', () => {
    const bucket = new Bucket(50, clock);
    expect(sent(bucket, 1_000)).toBe(500);
    const refusal = bucket.take();
    expect(refusal).toMatchObject({ code: 'too-fast', retryable: true, details: { retryAfterMs: 1_000 } });
  });

  it('is let in again after a second, with what has gathered meanwhile', async () => {
    const bucket = new Bucket(50, clock);
    sent(bucket, 501);
    await clock.advance(999);
    expect(bucket.take()?.details).toEqual({ retryAfterMs: 1 });
    await clock.advance(1);
    expect(sent(bucket, 1_000)).toBe(50);
  });

  it('a client that never pauses gets as much through as one that does', async () => {
    const bucket = new Bucket(50, clock);
    let through = 0;
    for (let ms = 0; ms < 60_000; ms += 10) {
      through += sent(bucket, 10);
      await clock.advance(10);
    }
    expect(through).toBeGreaterThan(500 + 58 * 50);
    expect(through).toBeLessThanOrEqual(500 + 60 * 50);
  });

  it('lets nothing through behind what was refused, so that the order holds', async () => {
    const bucket = new Bucket(100, clock);
    sent(bucket, 1_001);
    for (let i = 0; i < 99; i += 1) {
      await clock.advance(10);
      expect(bucket.take()).toBeInstanceOf(CapsError);
    }
  });

  it('may send less than one a second', async () => {
    const bucket = new Bucket(0.05, clock);
    expect(sent(bucket, 3)).toBe(1);
    expect(bucket.take()?.details).toEqual({ retryAfterMs: 20_000 });
    await clock.advance(20_000);
    expect(sent(bucket, 3)).toBe(1);
  });

  it('gathers no more than that, however long it is silent', async () => {
    const bucket = new Bucket(50, clock);
    await clock.advance(3_600_000);
    expect(sent(bucket, 1_000)).toBe(500);
  });

  it('is not shut out by a clock that is set back', async () => {
    const now = vi.spyOn(clock, 'now').mockReturnValue(10_000_000);
    const bucket = new Bucket(50, clock);
    sent(bucket, 501);
    now.mockReturnValue(10_000_000 - 3_600_000);
    expect(bucket.take()?.details).toEqual({ retryAfterMs: 1_000 });
    now.mockReturnValue(10_001_000 - 3_600_000);
    expect(sent(bucket, 100)).toBe(50);
  });

  it('has no limit where none is set', () => {
    expect(sent(new Bucket(Number.POSITIVE_INFINITY, clock), 100_000)).toBe(100_000);
  });
});

describe('[S3] those who come by requests', () => {
  const tries = (rates: Rates, address: string, who: (i: number) => string, count: number): number => {
    let through = 0;
    for (let i = 0; i < count; i += 1) {
      try {
        rates.admit(address, who(i));
        through += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'too-fast' });
      }
    }
    return through;
  };

  it('are counted by address and name', () => {
    const rates = new Rates(1, clock);
    expect(tries(rates, '10.0.0.1', () => 'store:red', 20)).toBe(10);
    expect(tries(rates, '10.0.0.2', () => 'store:red', 20)).toBe(10);
    expect(tries(rates, '10.0.0.1', () => 'store:blue', 20)).toBe(10);
    expect(tries(rates, '10.0.0.1', () => 'store:red', 20)).toBe(0);
  });

  it('gain little by another name for each request, and cost nobody else anything', () => {
    const rates = new Rates(1, clock);
    expect(tries(rates, '10.0.0.1', (i) => `store:${i}`, 20_000)).toBe(1_000 + 10);
    expect(rates.size).toBe(1_001);
    expect(tries(rates, '10.0.0.2', () => 'store:red', 20)).toBe(10);
  });

  it('take a bounded amount of memory, which is given back when they are gone', async () => {
    const rates = new Rates(1, clock);
    for (let i = 0; i < 20_000; i += 1) tries(rates, `10.0.${i >> 8}.${i & 255}`, () => 'admin', 1);
    expect(rates.size).toBe(10_000);
    // The rest share one bucket.
    expect(tries(rates, '192.168.1.1', () => 'admin', 20)).toBe(0);
    await clock.advance(10_000);
    expect(tries(rates, '192.168.1.1', () => 'admin', 20)).toBe(10);
    expect(rates.size).toBe(1);
  });

  it('have no limit where none is set, and nothing is kept of them', () => {
    const rates = new Rates(Number.POSITIVE_INFINITY, clock);
    expect(tries(rates, '10.0.0.1', (i) => `store:${i}`, 20_000)).toBe(20_000);
    expect(rates.size).toBe(0);
  });
});
