import { expect, it } from 'vitest';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { Bucket } from '../../edge/rate.ts';
import { PlainClient, type PlainSocketsOptions } from './plain-client.ts';
import { PlainInput } from './plain-input.ts';

it('[S1] who cannot be told what it missed is a fault of the hub, and not its end', async () => {
  const broken = new Error('broken');
  const fault = Promise.withResolvers<unknown>();
  const missed = {
    event: 'pickup',
    word: undefined,
    payload: { object: {}, text: undefined },
    time: '',
    seq: 1,
  };
  const offers = async function* () {
    yield [missed];
  };
  const clock = new SimulatedClock();
  const connection = { on: () => {}, transport: {} };
  const input = new PlainInput(connection as never, new Bucket(Number.POSITIVE_INFINITY, clock), {
    bytes: 0,
  });
  const options = {
    plain: {
      addresses: { came: () => 0 },
      enter: () => ({ seen: () => {} }),
      offersSince: async () => offers(),
    },
    clock,
    addressOf: () => '127.0.0.1',
    onFault: fault.resolve,
  };
  const socket = {
    ...{ id: '1', nsp: { name: '/' }, request: {}, conn: { on: () => {} }, onAny: () => {} },
    emit: () => {
      throw broken;
    },
  };
  new PlainClient(socket as never, options as unknown as PlainSocketsOptions, () => 1, input);
  expect(await fault.promise).toBe(broken);
});
