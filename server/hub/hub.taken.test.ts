import { expect, it } from 'vitest';
import type { CapsError } from '../../protocol/errors.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { ana, ben, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { eachHub } from '../../testkit/simulation/each-hub.ts';

const each = eachHub();
const { submit } = each;

it('[A1] tells a driver who has a parcel that others hold, as a claim would, and nothing else of it', async () => {
  const key = { store: 'red', orderID: 'held' };
  await submit(red, order('red', 'held'));
  const told = (actor: Actor) =>
    each.hub.read.life(actor, key).then(
      () => 'all',
      (error: CapsError) => error.toWire(),
    );
  expect(await told(ben)).toBe('all');
  await submit(ana, step('claimed', 'red', 'held'));
  expect(await told(ben)).toMatchObject({ code: 'taken', details: { by: 'Ana' } });
  expect(JSON.stringify(await told(ben))).not.toContain('held');
  await expect(each.hub.read.parcel(ben, key)).rejects.toMatchObject({ code: 'unknown-parcel' });
  expect(await told(blue)).toMatchObject({ code: 'unknown-parcel' });
  // Who has brought it in the end is nobody else's business.
  await submit(ana, step('in-transit', 'red', 'held'), step('delivered', 'red', 'held'));
  expect(await told(ben)).toMatchObject({ code: 'unknown-parcel' });
});
