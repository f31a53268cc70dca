import { expect, it } from 'vitest';
import type { Notice } from '../../protocol/messages.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { clockFault, watchClock } from './clock-watch.ts';
import { Presence } from './presence.ts';

const minute = 60_000;

it.each([
  [0, undefined],
  [minute, undefined],
  [minute + 1, '1 minute'],
  [3 * 3_600_000, '3 hours'],
  [400.5 * 86_400_000, '400 days'],
])('a log that is %d ms ahead: %s', (aheadMs, span) => {
  const words = clockFault({ aheadMs });
  if (span === undefined) expect(words).toBeUndefined();
  else expect(words).toContain(`lies ${span} in the future`);
});

it('it is said once when it begins, whenever that is, and once when it is over', async () => {
  const clock = new SimulatedClock();
  const hub = { aheadMs: 2 * minute };
  const said: string[] = [];
  const end = watchClock({
    hub,
    clock,
    onFault: (words) => said.push(words.slice(0, 30)),
    onRight: () => said.push('right'),
  });
  expect(said).toHaveLength(1);
  await clock.advance(5 * minute);
  expect(said).toHaveLength(1);
  hub.aheadMs = 0;
  await clock.advance(10_000);
  hub.aheadMs = 5 * minute;
  await clock.advance(10_000);
  expect(said).toEqual(['The log’s last record lies 2 m', 'right', 'The log’s last record lies 5 m']);
  end();
  end();
  expect(clock.pending).toBe(0);
});

it('an admin who comes while the clock is wrong is told; a driver is not', async () => {
  const clock = new SimulatedClock();
  const notices: Notice[] = [];
  const hub = { aheadMs: 2 * minute };
  const onFault = (error: unknown) => expect.fail(String(error));
  const presence = new Presence(clock, onFault, undefined, undefined, () => clockFault(hub));
  presence.watch({
    send({ name, json }) {
      if (name === 'notice') notices.push(...(JSON.parse(json) as Notice[]));
    },
  });
  presence.enter({ role: 'driver', who: 'ana', door: 'rest' });
  await clock.advance(1_000);
  expect(notices).toEqual([]);
  presence.enter({ role: 'admin', who: 'admin', door: 'socket.io' });
  await clock.advance(1_000);
  expect(notices).toMatchObject([{ kind: 'hub', door: 'hub', message: clockFault(hub), count: 1 }]);
  hub.aheadMs = 0;
  presence.enter({ role: 'admin', who: 'admin', door: 'socket.io' });
  await clock.advance(1_000);
  expect(notices).toHaveLength(1);
});
