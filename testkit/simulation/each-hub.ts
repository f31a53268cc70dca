/** A new hub for each test of a file, with a log of its own and a clock that the test moves. */

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Answer, Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { createHub, type Hub } from '../../server/hub/hub.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { SimulatedClock } from './clock.ts';
import { memoryFolder } from './disk.ts';

/** The hub of the test that runs. */
export interface EachHub {
  readonly hub: Hub;
  readonly clock: SimulatedClock;
  readonly store: Store;
  /** Sends commands and moves the clock until they are answered. */
  submit(actor: Actor, ...commands: Command[]): Promise<Answer[]>;
}

/** Call it once, at the top of the file. A fault of the hub fails the test. @param begin what each test finds */
export function eachHub(begin?: (opened: EachHub) => Promise<void>): EachHub {
  let opened: { hub: Hub; clock: SimulatedClock; store: Store; folder: string } | undefined;
  const now = () => {
    if (!opened) throw new Error('there is a hub only while a test runs');
    return opened;
  };
  const each: EachHub = {
    get hub() {
      return now().hub;
    },
    get clock() {
      return now().clock;
    },
    get store() {
      return now().store;
    },
    submit: (actor, ...commands) => now().clock.settling(now().hub.submit(actor, 'socket.io', commands)),
  };
  beforeEach(async () => {
    const folder = memoryFolder();
    const [clock, store] = [new SimulatedClock(), openSqliteStore(folder)];
    const hub = await createHub({ store, clock, onFault: (error) => expect.fail(String(error)) });
    opened = { hub, clock, store, folder };
    await begin?.(each);
  });
  afterEach(async () => {
    const { hub, store, folder } = now();
    opened = undefined;
    await hub.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return each;
}
