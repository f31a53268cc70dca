import { expect, test } from 'vitest';
import type { Status } from '../protocol/events.ts';
import type { ParcelView } from '../protocol/messages.ts';
import { DriverRobot, type RobotTimers } from './driver-robot.ts';

interface TestParcel {
  readonly view: ParcelView;
}

function parcel(orderID: string, status: Status, rev = 1): TestParcel {
  const time = '2026-01-01T00:00:00.000Z';
  const payload = { store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' };
  return { view: { payload, status, rev, attempts: 0, createdAt: time, changedAt: time } };
}

const keyOf = (orderID: string) => `red\n${orderID}`;

/** A driver with manual timers and a fixed random number. */
function driver({ chance = 0, offers = [] as string[] } = {}) {
  const timers = new Set<{ ms: number; run: () => void }>();
  const done: string[] = [];
  const fake: RobotTimers = {
    after: (ms, run) => {
      const timer = { ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    every: () => () => {},
  };
  const auto = new DriverRobot<TestParcel>({
    timers: fake,
    chance: () => chance,
    claim: ({ view }) => done.push(`claim ${view.payload.orderID}`),
    step: (key, event) => done.push(`${event} ${key.split('\n')[1]}`),
  });
  return {
    auto,
    done,
    waits: () => Array.from(timers, ({ ms }) => ms),
    goOff: () => {
      for (const timer of timers) {
        timers.delete(timer);
        timer.run();
      }
    },
    drive: (held: readonly (TestParcel & { isPending?: boolean })[], claiming = 0) =>
      auto.drive({
        inHand: new Map(
          held.map(({ view, isPending = false }) => [keyOf(view.payload.orderID), { view, isPending }]),
        ),
        claiming,
        first: (most, passes) =>
          offers
            .filter((id) => passes(keyOf(id)))
            .slice(0, most)
            .map((id) => parcel(id, 'ready')),
      }),
  };
}

test('collects after one second, delivers after three, and does nothing if a person must decide', () => {
  const { drive, waits, goOff, done } = driver();
  drive([parcel('a', 'claimed', 2)]);
  drive([parcel('a', 'claimed', 2)]);
  expect(waits()).toEqual([1_000]);
  goOff();
  drive([parcel('a', 'in-transit', 3)]);
  expect(waits()).toEqual([3_000]);
  goOff();
  expect(done).toEqual(['in-transit a', 'delivered a']);
  drive([parcel('b', 'failed'), parcel('c', 'returning')]);
  expect(waits()).toEqual([]);
});

test('holds at most three parcels, including those being claimed', () => {
  const offers = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const { drive, done } = driver({ offers });
  drive([parcel('a', 'failed')], 1);
  expect(done).toEqual(['claim p0']);
  drive([parcel('a', 'failed'), parcel('b', 'failed')], 1);
  expect(done).toHaveLength(1);
});

test('claims random ones of the first few offers, each once', () => {
  const offers = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const { drive, done } = driver({ offers, chance: 0.999 });
  drive([]);
  expect(done).toEqual(['claim p7', 'claim p8', 'claim p9']);
});

test('leaves parcels alone that a person has touched: in hand, scheduled and on offer', () => {
  const { auto, drive, waits, done } = driver({ offers: ['x'] });
  drive([parcel('a', 'claimed')], 2);
  auto.touch(keyOf('a'));
  auto.touch(keyOf('x'));
  drive([parcel('a', 'claimed')]);
  expect(waits()).toEqual([]);
  expect(done).toEqual([]);
});

test('waits for the answer to a step', () => {
  const { drive, waits } = driver();
  drive([{ ...parcel('a', 'claimed'), isPending: true }]);
  expect(waits()).toEqual([]);
});

test('cancels a step if the parcel is gone or the robot rests', () => {
  const { auto, drive, waits } = driver();
  drive([parcel('a', 'claimed')]);
  drive([]);
  expect(waits()).toEqual([]);
  drive([parcel('a', 'claimed')]);
  expect(auto.plan(keyOf('a'))?.event).toBe('in-transit');
  auto.rest();
  expect(waits()).toEqual([]);
  expect(auto.plan(keyOf('a'))).toBeUndefined();
});
