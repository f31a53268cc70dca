/** Commands, repeats, races, breaks, waits and restarts in any order, against the model in simulation/model.ts. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from './simulation/model.ts';
import { storeWith } from './simulation/store.ts';
import { type Breaking, likeTheModel } from './simulation/world.ts';
import type { Found } from './store/store.ts';

describe('[D2][D4][D5][C1][C2] whatever happens in whatever order, the hub does what the contract says:', () => {
  it('any steps', () => fc.assert(likeTheModel(), { numRuns: 200, interruptAfterTimeLimit: 45_000 }), 60_000);

  /** Runs that failed once. They stay, by name. */
  const failedOnce: [name: string, parameters: fc.Parameters<[Step[]]>][] = [];
  for (const [name, parameters] of failedOnce) it(name, () => fc.assert(likeTheModel(), parameters));
});

// ---- the mutants that it must catch ----

const forgetful: Breaking = (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) => {
        const { appends, result } = decide({ ...found, command: () => undefined });
        return { appends: appends.map((append) => ({ ...append, command: undefined })), result };
      }),
  });

const offByOne: Breaking = (store) =>
  storeWith(store, {
    read: (scope, range) =>
      store.read(scope, 'after' in range ? { ...range, after: range.after + 1 } : range),
  });

/** Read, check, write: the check sees the parcel as it was before somebody claimed it. */
const stale: Breaking = (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) => {
        const parcel = (key: Parameters<Found['parcel']>[0]) => {
          const stored = found.parcel(key);
          if (stored?.parcel.status !== 'claimed') return stored;
          return { ...stored, parcel: { ...stored.parcel, status: 'ready', holder: null } } as const;
        };
        return decide({ ...found, parcel });
      }),
  });

describe('the model test catches', () => {
  it.each([
    ['commands that are not known again', forgetful],
    ['a cursor that is off by one', offByOne],
    ['a claim that is decided on what was', stale],
  ])('%s', async (_, breaking) => {
    const parameters = { numRuns: 200, seed: 1, endOnFailure: true };
    const { failed, errorInstance } = await fc.check(likeTheModel(breaking), parameters);
    expect(failed).toBe(true);
    expect(errorInstance).toHaveProperty('name', 'AssertionError');
  });
});
