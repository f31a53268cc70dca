import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Presence as Message,
  type Notice,
  noticeSchema,
  presenceSchema,
} from '../../protocol/messages.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Presence } from './presence.ts';

let clock: SimulatedClock;
let presence: Presence;
let told: Message[];
let notices: Notice[][];

const onFault = (error: unknown) => expect.fail(String(error));

beforeEach(() => {
  clock = new SimulatedClock();
  told = [];
  notices = [];
  presence = new Presence(clock, onFault);
  presence.watch({
    send({ name, json }) {
      if (name === 'presence') told.push(presenceSchema.parse(JSON.parse(json)));
      else notices.push(noticeSchema.array().parse(JSON.parse(json)));
    },
  });
  // Of nobody yet.
  expect(told.splice(0)).toEqual([{ all: [] }]);
});

const ana = { role: 'driver', who: 'ana', name: 'Ana', door: 'socket.io' } as const;
const red = { role: 'vendor', who: 'red', door: 'socket.io' } as const;

describe('who is here', () => {
  it('is told as differences, at most once a second', async () => {
    presence.enter(ana);
    const leaving = presence.enter(red);
    expect(presence.all().all).toMatchObject([ana, red]);
    expect(presence.count).toBe(2);
    await clock.advance(999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toMatchObject([{ joined: [ana, red], left: [] }]);

    await clock.advance(10_000);
    expect(told).toHaveLength(1);
    leaving.leave();
    leaving.leave();
    await clock.advance(1_000);
    expect(told[1]).toEqual({ joined: [], left: [told[0]?.joined?.[1]?.id] });
    expect(presence.all().all).toMatchObject([ana]);
  });

  it('tells of a change as of someone who joined, under the same id', async () => {
    const driver = presence.enter(ana);
    await clock.advance(1_000);
    driver.duty('on');
    driver.lagging(true);
    driver.lagging(true);
    await clock.advance(1_000);
    driver.duty('off');
    driver.lagging(false);
    await clock.advance(1_000);
    driver.lagging(false);
    await clock.advance(1_000);
    expect(told.map(({ joined }) => joined?.map(({ duty, lagging }) => [duty, lagging]))).toEqual([
      [[undefined, undefined]],
      [['on', true]],
      [['off', false]],
    ]);
    expect(new Set(told.flatMap(({ joined }) => joined?.map(({ id }) => id))).size).toBe(1);
  });

  it('tells when somebody was last seen to the second, and nothing while they are silent', async () => {
    const driver = presence.enter(ana);
    await clock.advance(1_000);
    for (const pauseMs of [200, 9_000, 9_999, 25_000]) {
      await clock.advance(pauseMs);
      driver.seen();
      driver.seen();
      const before = told.length;
      await clock.advance(1_000);
      expect(told).toHaveLength(before + 1);
      const lastSeen = Date.parse(told.at(-1)?.joined?.[0]?.lastSeen ?? '');
      expect(clock.now() - lastSeen).toBeLessThanOrEqual(1_000);
      expect(presence.all().all?.[0]?.lastSeen).toBe(told.at(-1)?.joined?.[0]?.lastSeen);
    }
    const before = told.length;
    await clock.advance(60_000);
    expect(told).toHaveLength(before);
  });

  it('tells of a bounded number of those who were only seen, all of them in turn', async () => {
    const crowd = Array.from({ length: 250 }, (_, n) => presence.enter({ ...ana, who: `driver-${n}` }));
    await clock.advance(1_000);
    for (let second = 0; second < 6; second += 1) {
      for (const one of crowd) one.seen();
      await clock.advance(1_000);
    }
    const counts = told.slice(1).map(({ joined = [] }) => joined.length);
    expect(counts).toEqual([100, 100, 100, 100, 100, 100]);
    const names = new Set(told.slice(1, 4).flatMap(({ joined = [] }) => joined.map(({ who }) => who)));
    expect(names.size).toBe(250);
  });

  it('a client that came and went within the second is only gone', async () => {
    presence.enter(ana).leave();
    await clock.advance(1_000);
    expect(told).toMatchObject([{ joined: [] }]);
  });

  it('a client that has left changes nothing more', async () => {
    const driver = presence.enter(ana);
    driver.leave();
    await clock.advance(1_000);
    driver.duty('on');
    driver.seen();
    await clock.advance(20_000);
    expect(told).toHaveLength(1);
    expect(presence.count).toBe(0);
  });
});

describe('notices', () => {
  it('equal ones are counted together', async () => {
    for (let i = 0; i < 5; i += 1)
      presence.notice('refused', 'socket.io', 'No.', { code: 'bad-message', who: 'red' });
    presence.notice('refused', 'socket.io', 'No.', { code: 'bad-message', who: 'blue' });
    presence.notice('hub', 'hub', 'Hello.');
    await clock.advance(1_000);
    expect(notices).toMatchObject([
      [
        { kind: 'refused', who: 'red', count: 5 },
        { who: 'blue', count: 1 },
        { kind: 'hub', message: 'Hello.', count: 1 },
      ],
    ]);
    await clock.advance(5_000);
    expect(notices).toHaveLength(1);
  });

  it('a lost race is counted like every refusal, and not told', async () => {
    const counted: string[] = [];
    const told: string[] = [];
    const refused = (...what: string[]) => counted.push(what.join(' '));
    const counting = new Presence(clock, onFault, { refused });
    const leave = counting.watch({ send: ({ json }) => told.push(json) });
    told.pop();
    counting.notice('refused', 'tcp', 'Too late.', { code: 'taken', who: 'ana' });
    await clock.advance(1_000);
    expect(told).toEqual([]);
    for (let i = 0; i < 2; i += 1) counting.notice('refused', 'rest', 'No.', { code: 'bad-message' });
    counting.notice('fault', 'tcp', 'It is gone.', { who: 'ana' });
    await clock.advance(1_000);
    expect(counted).toEqual(['taken tcp', 'bad-message rest', 'bad-message rest']);
    expect(told).toHaveLength(1);
    leave();
    leave();
    counting.notice('fault', 'tcp', 'It is gone.', { who: 'ana' });
    await clock.advance(1_000);
    expect(told).toHaveLength(1);
  });

  it('[S3] are bounded, and what is left out is counted', async () => {
    for (let i = 0; i < 1_000; i += 1) presence.notice('refused', 'socket.io', `No. ${i}`);
    await clock.advance(1_000);
    const [first = []] = notices;
    expect(first.length).toBeLessThan(60);
    expect(first.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
    presence.notice('refused', 'socket.io', 'No. 1000');
    await clock.advance(1_000);
    expect(notices[1]).toMatchObject([{ message: 'No. 1000', count: 1 }]);
  });
});

it('says nothing after it was closed, which may happen twice', async () => {
  const driver = presence.enter(ana);
  presence.close();
  presence.close();
  driver.leave();
  await clock.advance(5_000);
  expect(told).toEqual([]);
  expect(clock.pending).toBe(0);
});
