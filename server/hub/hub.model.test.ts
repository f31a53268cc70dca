/** Commands, repeats, races, breaks, waits and restarts in any order, against the model in testkit/simulation/model.ts. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blind, forgetful, offByOne, oneLate, stale, touchy } from '../../testkit/simulation/mutants.ts';
import type { Step } from '../../testkit/simulation/steps.ts';
import { likeTheModel } from '../../testkit/simulation/world.ts';

describe('[D2][D4][D5][C1][C2] whatever happens in whatever order, the hub does what the contract says:', () => {
  it('any steps', () => fc.assert(likeTheModel(), { numRuns: 100, interruptAfterTimeLimit: 45_000 }), 60_000);

  /** Runs that failed once. They stay, by name. */
  const failedOnce: [name: string, parameters: fc.Parameters<[Step[]]>][] = [];
  for (const [name, parameters] of failedOnce) it(name, () => fc.assert(likeTheModel(), parameters));
});

describe('the model test catches', () => {
  it.each([
    ['commands that are not known again', forgetful],
    ['a cursor that is off by one', offByOne],
    ['a claim that is decided on what was', stale],
    ['an amendment that overwrites what its sender has not seen', blind],
    ['one that is refused for a change of another field', touchy],
    ['one that is refused for what its sender has seen', oneLate],
  ])('%s', async (_, breaking) => {
    const parameters = { numRuns: 100, seed: 1, endOnFailure: true };
    const { failed, errorInstance } = await fc.check(likeTheModel(breaking), parameters);
    expect(failed).toBe(true);
    expect(errorInstance).toHaveProperty('name', 'AssertionError');
  });
});
