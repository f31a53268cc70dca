import { expect, test } from 'vitest';
import { FrameStore, type NextFrame } from './frame-store.ts';

function handCranked(): { frame: NextFrame; crank: () => void } {
  let next: (() => void) | undefined;
  return {
    frame: (run) => {
      next = run;
      return () => {
        next = undefined;
      };
    },
    crank: () => {
      const run = next;
      next = undefined;
      run?.();
    },
  };
}

test('takes one snapshot for two thousand changes in a frame', () => {
  const { frame, crank } = handCranked();
  let count = 0;
  const store = new FrameStore(() => ({ count }), frame);
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  for (let i = 0; i < 2_000; i += 1) {
    count += 1;
    store.touch();
  }
  expect(store.get().count).toBe(0);
  crank();
  expect(store.get().count).toBe(2_000);
  expect(told).toBe(1);
});

test('notifies nobody if the snapshot has not changed', () => {
  const { frame, crank } = handCranked();
  const store = new FrameStore<{ n: number }>((previous) => previous ?? { n: 1 }, frame);
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  store.touch();
  crank();
  expect(told).toBe(0);
});

test('notifies nobody once it is closed', () => {
  const { frame, crank } = handCranked();
  const store = new FrameStore(() => ({}), frame);
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  store.touch();
  store.close();
  store.close();
  crank();
  expect(told).toBe(0);
});
