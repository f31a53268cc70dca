/** One real hub for all tests of a suite. */

import { afterAll, beforeAll, expect } from 'vitest';
import type { RealHub } from './real-hub.ts';

/** Call it at the top of the suite. At the end the hub must have nothing to report. */
export function oneHub<H extends RealHub>(start: () => Promise<H>): { readonly hub: H } {
  let started: H | undefined;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(async () => {
    await started?.close();
    expect(started?.faults).toEqual([]);
  });
  return {
    get hub() {
      if (!started) throw new Error('there is a hub only while a test runs');
      return started;
    },
  };
}
