import { beforeEach, expect, it } from 'vitest';
import { ana } from '../../testkit/simulation/cast.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { Subscriptions } from './subscriptions.ts';

/** The welcome that is under way: how it ends, and whether the reader is still there. */
let welcome: PromiseWithResolvers<number>;
let isGone: () => boolean;
/** Readers that the feeds have, by the place they came with. */
let inFeeds: Set<number>;
let faults: string[];
let reader: SimulatedReader;
let subscriptions: Subscriptions;

beforeEach(() => {
  welcome = Promise.withResolvers();
  inFeeds = new Set();
  faults = [];
  reader = new SimulatedReader(['board', 'own']);
  subscriptions = new Subscriptions({
    joins: {
      start: (_actor, _after, _sink, isClosed) => {
        isGone = isClosed;
        return welcome.promise;
      },
    },
    feeds: {
      get counts() {
        return { live: inFeeds.size, lagging: 0 };
      },
      subscribe: (_view, place) => {
        inFeeds.add(place);
        return { close: () => void inFeeds.delete(place) };
      },
    },
    onFault: (_, what) => faults.push(what),
  });
});

const start = () => subscriptions.start(ana, undefined, reader, reader.onLag);
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('a reader catches up until its welcome is over, and goes on in the feeds from there', async () => {
  start();
  expect(subscriptions.counts).toEqual({ live: 0, lagging: 0, 'catching-up': 1 });
  welcome.resolve(7);
  await turn();
  expect([...inFeeds]).toEqual([7]);
  expect(subscriptions.counts).toEqual({ live: 1, lagging: 0, 'catching-up': 0 });
});

it('a closed subscription leaves the feeds; closing twice is harmless', async () => {
  const subscription = start();
  welcome.resolve(7);
  await turn();
  subscription.close();
  subscription.close();
  expect(inFeeds.size).toBe(0);
  expect(subscriptions.counts).toEqual({ live: 0, lagging: 0, 'catching-up': 0 });
});

it('a subscription closed during the welcome gets nothing more, and never enters the feeds', async () => {
  const subscription = start();
  expect(isGone()).toBe(false);
  subscription.close();
  expect(isGone()).toBe(true);
  welcome.resolve(7);
  await turn();
  expect(inFeeds.size).toBe(0);
});

it('where the log cannot be read, the reader is told to come again', async () => {
  start();
  welcome.reject(new Error('disk I/O error'));
  await turn();
  expect(reader.failed).toBe(true);
  expect(faults).toEqual(['a subscription could not start']);
});

it('a closed subscription reports nothing: a store that is closed after it is no fault', async () => {
  start().close();
  welcome.reject(new Error('the store is closed'));
  await turn();
  expect([reader.failed, faults]).toEqual([false, []]);
});

it('closing ends all of them, wherever they are', async () => {
  start();
  welcome.resolve(7);
  await turn();
  welcome = Promise.withResolvers();
  start();
  subscriptions.close();
  welcome.resolve(8);
  await turn();
  expect(inFeeds.size).toBe(0);
  expect(subscriptions.counts).toEqual({ live: 0, lagging: 0, 'catching-up': 0 });
  subscriptions.close();
});
