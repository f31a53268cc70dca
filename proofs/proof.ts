/** The report of a proof, for the screen and for the page that `npm run torture` writes. */

import type { TestContext } from 'vitest';

/** Every long proof and its goal. The page has a row for each, even if it did not run. */
export const proofs = {
  kills: '1,000 times `kill -9` under load, at least 1,000,000 acknowledged events',
  'sync before ack': '10,000 acks under strace, each told after the sync of its record',
  races: '16 drivers on all doors, 5,000 parcels',
  resume: '200 clients away for random times under 2,000 events/s; 1,000 missed events within 1 s',
  isolation: '50 stores, 100,000 events, reconnects, every REST route and cursor',
  'malformed input': '100,000 inputs at each door',
  pauses:
    '10 rounds of a minute in which the hub and those at all its doors are stopped by the system for 1–60 s each: nothing is lost, nobody is released',
  clocks:
    '300 times the clock of the hub’s machine is set by minutes, hours and days while it runs: no time runs backwards, the silent are released in time and nobody else',
  memory:
    'a hub with a heap of 96 MB under load, beside 50 unread downloads and 20 slow readers: the same process, at most 320 MiB, no hole',
  'resident memory':
    'all caches full of records of 10 kB, and every thread has worked: less than 265 MiB with the settings of the unit and the image',
  simulation:
    '2,000 worlds: the real hub of sizes that are drawn, its store, its index and the SDK on a network and a disk that fail, in simulated time',
  flip: '10,000 single bits of the log’s file flipped: what is served is true, or named as damaged',
  powercut:
    '1,000 power cuts under a recorded run: all that was acked is there, no hole, parcels are the fold',
  model: '10,000 runs of the hub against a model',
  checks: 'a million commands: the quick check gives what the schema gives',
  soak: '10 minutes of 60 events/s with every page open, breaks of 10–120 s, 2 kills and a stop: every page shows what the log says',
  'order of hubs':
    'three hubs on one PostgreSQL, 8 stores that send, at least 100,000 events: everyone at any hub hears the same order',
  'races at hubs': '16 drivers at all doors of three hubs, 5,000 parcels: each has one winner',
  'kills behind HAProxy':
    'two hubs on one PostgreSQL, 100 times `kill -9` under load: 0 lost, 0 twice, clients back within 5 s',
  failovers:
    '100 times the database comes back without the end of the log: 100 new epochs, and nobody goes on silently',
  'cut commits':
    'at least 200 commits of three hubs lose their request, their answer or their connection: recorded as answered, nothing twice',
} as const;
export type ProofName = keyof typeof proofs;

export interface Proof {
  readonly name: ProofName;
  /** The amount of work, in figures. */
  readonly figure: string;
  readonly seed: number;
  /** The result, in a few words. */
  readonly result: string;
}

declare module 'vitest' {
  interface TaskMeta {
    proof?: Proof;
  }
}

/** `SEED=7 npm test` repeats a run. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Call it before the assertions, so that the page has failed runs as well. */
export function tell({ task }: TestContext, proof: Proof): void {
  task.meta.proof = proof;
  console.log(`SEED=${proof.seed} ${proof.name}: ${proof.figure}: ${proof.result}`);
}

/** `1,234` */
export function inFigures(count: number): string {
  return Math.round(count).toLocaleString('en');
}
