import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Pace } from './pace.ts';

/** A hub whose commits cost so much, and how well its pace is known. */
class Runner {
  readonly clock = new SimulatedClock();
  readonly pace = new Pace(this.clock);
  fixedMs = 5;
  eachMs = 0.1;

  async commit(count: number): Promise<void> {
    this.pace.begins();
    this.pace.takes(count);
    await this.clock.advance(this.fixedMs + this.eachMs * count);
    this.pace.ends();
  }

  async commits(times: number, count: number): Promise<void> {
    for (let i = 0; i < times; i += 1) await this.commit(count);
  }

  /** What could really be answered within a second. */
  get truth(): number {
    return (1_000 / (this.fixedMs + this.eachMs * limits.batch)) * limits.batch;
  }

  get ratio(): number {
    return this.pace.roomFor(1_000) / this.truth;
  }
}

describe('how much may wait', () => {
  it('is known after a few full commits, on a quick disk and on a slow one', async () => {
    for (const fixedMs of [0, 5, 50, 400]) {
      const runner = new Runner();
      runner.fixedMs = fixedMs;
      await runner.commits(40, limits.batch);
      expect(runner.ratio).toBeGreaterThan(0.75);
      expect(runner.ratio).toBeLessThan(1.1);
    }
  });

  it('before anything is known, is what a poor disk takes', () => {
    const room = new Pace(new SimulatedClock()).roomFor(1_000);
    expect(room).toBeGreaterThan(10 * limits.batch);
    expect(room).toBeLessThan(25 * limits.batch);
  });

  it('is known from single commands: a quiet hub with a slow sync is not thought to be slow', async () => {
    const runner = new Runner();
    runner.fixedMs = 20;
    await runner.commits(100, 1);
    // 20 ms each, one by one; 256 of them take less than twice as long.
    expect(runner.ratio).toBeGreaterThan(0.7);
    expect(runner.ratio).toBeLessThan(1.1);
  });

  it('does not change while nothing happens', async () => {
    const runner = new Runner();
    await runner.commits(40, 100);
    const room = runner.pace.roomFor(1_000);
    await runner.clock.advance(3_600_000);
    expect(runner.pace.roomFor(1_000)).toBe(room);
  });

  it('shrinks while a disk stands still, is nothing after half of the time, and comes back', async () => {
    const runner = new Runner();
    await runner.commits(40, limits.batch);
    const { pace, clock } = runner;
    const before = pace.roomFor(1_000);
    pace.begins();
    pace.takes(limits.batch);
    await clock.advance(500);
    expect(pace.roomFor(1_000)).toBeLessThan(0.55 * before);
    await clock.advance(500);
    expect(pace.roomFor(1_000)).toBe(0);
    await clock.advance(60_000);
    pace.ends();
    expect(pace.roomFor(1_000)).toBeGreaterThan(0);
    await runner.commits(50, limits.batch);
    expect(pace.roomFor(1_000)).toBeGreaterThan(0.8 * before);
  });

  it('follows a disk that gets slow for good', async () => {
    const runner = new Runner();
    await runner.commits(100, limits.batch);
    runner.fixedMs = 300;
    await runner.commits(20, limits.batch);
    expect(runner.ratio).toBeLessThan(1.4);
  });

  it('takes no harm from a clock that is set', async () => {
    const runner = new Runner();
    await runner.commits(40, limits.batch);
    for (const byMs of [-86_400_000, 86_400_000]) {
      runner.pace.begins();
      runner.pace.takes(limits.batch);
      runner.clock.set(byMs);
      runner.pace.ends();
      await runner.commits(50, limits.batch);
      expect(runner.ratio).toBeGreaterThan(0.8);
      expect(runner.ratio).toBeLessThan(1.2);
    }
  });
});
