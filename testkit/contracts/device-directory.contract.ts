/** What every directory of devices promises to the hubs that share it. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '../../protocol/devices.ts';
import { uuidv7 } from '../../protocol/ids.ts';
import type { DeviceDirectory } from '../../server/devices/device-directory.ts';
import { DeviceRegistry, type DeviceSession } from '../../server/devices/device-registry.ts';
import { SimulatedClock } from '../simulation/clock.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const report = { position: { lat: 47.62, lon: -122.35 }, status: 'RUNNING', battery: 80 } as const;

/** A device's connection that notes what it is told. */
class NotedLink {
  readonly commands: string[] = [];
  wasDisplaced = false;

  command(message: string): void {
    this.commands.push(message);
  }

  displaced(): void {
    this.wasDisplaced = true;
  }
}

/** @param make a directory that holds at most this many devices; several hubs share it */
export function deviceDirectoryContract(
  name: string,
  make: (clock: SimulatedClock, devicesMax: number) => DeviceDirectory,
): void {
  describe(`${name}, shared by two hubs`, () => {
    let clock: SimulatedClock;
    let directory: DeviceDirectory;
    let one: DeviceRegistry;
    let two: DeviceRegistry;

    beforeEach(() => {
      clock = new SimulatedClock();
      directory = make(clock, 5);
      const onFault = (error: unknown) => expect.fail(String(error));
      const registry = (serverId: string) => new DeviceRegistry({ serverId, directory, clock, onFault });
      [one, two] = [registry('one'), registry('two')];
    });

    const found = (id: string): Promise<Device | undefined> => clock.settling(directory.find(id));
    const send = (id: string, message: string) => clock.settling(directory.send(id, { message, waitMs: 0 }));

    async function enter(
      registry: DeviceRegistry,
      id = uuidv7(),
    ): Promise<{ id: string; link: NotedLink; session: DeviceSession }> {
      const link = new NotedLink();
      return { id, link, session: await clock.settling(registry.enter(id, link)) };
    }

    it('a device is found from either, with its hub and its latest report', async () => {
      const { id, session } = await enter(one);
      const connectedAt = new Date(clock.now()).toISOString();
      const known = { id, hub: 'one', connected: true, connectedAt };
      expect(await found(id)).toEqual({ ...known, lastSeen: connectedAt });
      await clock.advance(60_000);
      const now = new Date(clock.now()).toISOString();
      await clock.settling(session.reported(report));
      expect(await found(id)).toEqual({ ...known, ...report, lastSeen: now, reportedAt: now });
      await clock.advance(60_000);
      await clock.settling(session.seen());
      const lastSeen = new Date(clock.now()).toISOString();
      expect(await found(id)).toEqual({ ...known, ...report, lastSeen, reportedAt: now });
      expect(JSON.parse(JSON.stringify(await found(id)))).toEqual(await found(id));
    });

    it('a device that left stays known with what it had reported, and gets it back when it returns', async () => {
      const { id, session } = await enter(one);
      await clock.settling(session.reported(report));
      session.leave();
      session.leave();
      await clock.advance(1_000);
      expect(await found(id)).toMatchObject({ ...report, hub: 'one', connected: false });
      await clock.settling(session.seen());
      expect(await found(id)).toMatchObject({ connected: false });
      expect((await enter(two, id)).session.report).toEqual(report);
      expect(await found(id)).toMatchObject({ ...report, hub: 'two', connected: true });
    });

    it('a command reaches the device on whichever hub it is, and its answer comes back', async () => {
      const { id, link, session } = await enter(two);
      const asked = directory.send(id, { message: "HOW'S IT GOING?", waitMs: 5_000 });
      await clock.advance(1_000);
      expect(link.commands).toEqual(["HOW'S IT GOING?"]);
      session.answered('fine', 'FINE.');
      expect(await clock.settling(asked)).toMatchObject({
        ...{ kind: 'sent', hub: 'two', sentAt: new Date(clock.now() - 1_000).toISOString() },
        answer: { message: 'FINE.', time: new Date(clock.now()).toISOString() },
      });
    });

    it('an answer belongs to the oldest command that it fits', async () => {
      const { id, session } = await enter(one);
      const commands = [
        'HEY YOU, RUN!',
        "HOW'S IT GOING?",
        'KEEP ME POSTED EVERY 5 SECONDS.',
        'HEY YOU, REST!',
      ];
      const sent = commands.map((message) => directory.send(id, { message, waitMs: 5_000 }));
      await clock.advance(1);
      session.answered('fine', 'fine');
      session.answered('fine', 'fine, to nothing');
      session.answered('sorry', 'not run');
      session.answered('sure', 'posted');
      session.answered('done', 'rested');
      const answers = await clock.settling(Promise.all(sent));
      expect(answers.map((one) => one.kind === 'sent' && one.answer?.message)).toEqual([
        ...['not run', 'fine', 'posted', 'rested'],
      ]);
    });

    it('a device that does not answer in time, or leaves, has not answered', async () => {
      const { id, session } = await enter(one);
      const waited = directory.send(id, { message: 'HEY YOU, RUN!', waitMs: 2_000 });
      await clock.advance(2_000);
      expect(await waited).toMatchObject({ kind: 'sent', answer: null });
      const asked = directory.send(id, { message: 'HEY YOU, REST!', waitMs: 30_000 });
      await clock.advance(1);
      session.leave();
      expect(await asked).toMatchObject({ kind: 'sent', answer: null });
    });

    it('[S3] a device that answers nothing is sent 16 commands a minute', async () => {
      const { id, link } = await enter(one);
      for (let n = 0; n < 16; n += 1) expect(await send(id, 'HEY YOU, RUN!')).toMatchObject({ kind: 'sent' });
      expect(await send(id, 'HEY YOU, RUN!')).toEqual({ kind: 'too-many' });
      expect(link.commands).toHaveLength(16);
      await clock.advance(60_000);
      expect(await send(id, 'HEY YOU, RUN!')).toMatchObject({ kind: 'sent' });
    });

    it('nothing is sent to a device that is unknown or away', async () => {
      expect(await send(uuidv7(), 'HEY YOU, RUN!')).toEqual({ kind: 'unknown' });
      const { id, session } = await enter(one);
      session.leave();
      await clock.advance(1);
      expect(await send(id, 'HEY YOU, RUN!')).toEqual({ kind: 'not-connected' });
    });

    it.each(['one', 'two'])(
      'of two connections of one device the later has it, here or there: %s',
      async (hub) => {
        const first = await enter(one);
        const second = await enter(hub === 'one' ? one : two, first.id);
        expect([first.link.wasDisplaced, second.link.wasDisplaced]).toEqual([true, false]);
        await clock.settling(first.session.reported(report));
        first.session.leave();
        await clock.advance(1);
        expect(await found(first.id)).toMatchObject({ hub, connected: true });
        expect(await found(first.id)).not.toHaveProperty('position');
        expect(await send(first.id, 'HEY YOU, RUN!')).toMatchObject({ kind: 'sent', hub });
        expect([first.link.commands, second.link.commands]).toEqual([[], ['HEY YOU, RUN!']]);
      },
    );

    it('when a hub ends, its devices are no longer connected', async () => {
      const [here, there] = [await enter(one), await enter(two)];
      one.close();
      one.close();
      await clock.advance(1);
      expect(await found(here.id)).toMatchObject({ connected: false });
      expect(await found(there.id)).toMatchObject({ connected: true });
      expect(await send(here.id, 'HEY YOU, RUN!')).toEqual({ kind: 'not-connected' });
    });

    it('lists devices by id, page by page', async () => {
      const ids: string[] = [];
      for (const registry of [one, two, one, two, one]) {
        await clock.advance(1);
        ids.push((await enter(registry, uuidv7(Math.imul(clock.now(), 48_271) >>> 0))).id);
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const { items, next } = await clock.settling(directory.list({ after, limit: 2 }));
        seen.push(...items.map(({ id }) => id));
        after = next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(ids.toSorted());
      const [first = ''] = seen;
      const behind = first.replace(/.$/, first.endsWith('f') ? 'e' : 'f');
      const page = await clock.settling(directory.list({ after: behind, limit: 9 }));
      expect(page.items.map(({ id }) => id)).toEqual(seen.filter((id) => id > behind));
    });

    it('forgets a device a day after its last sign of life', async () => {
      const [left, heard] = [await enter(one), await enter(one)];
      left.session.leave();
      await clock.advance(dayMs / 2);
      await clock.settling(heard.session.seen());
      await clock.advance(dayMs / 2 - 1);
      expect(await found(left.id)).toBeDefined();
      await clock.advance(1);
      expect(await found(left.id)).toBeUndefined();
      expect((await clock.settling(directory.list({ after: undefined, limit: 9 }))).items).toEqual([
        expect.objectContaining({ id: heard.id }),
      ]);
    });

    it('[S3] when it is full, forgets whoever is away longest, and never who is here', async () => {
      const all = [];
      for (const registry of [one, two, one, two, one]) all.push(await enter(registry));
      await expect(clock.settling(one.enter(uuidv7(), new NotedLink()))).rejects.toMatchObject({
        code: 'busy',
      });
      all[3]?.session.leave();
      all[1]?.session.leave();
      await clock.advance(1);
      await enter(one);
      const known = (await clock.settling(directory.list({ after: undefined, limit: 9 }))).items.map(
        ({ id }) => id,
      );
      expect(known).toHaveLength(5);
      expect(all.map(({ id }) => known.includes(id))).toEqual([true, false, true, true, true]);
    });
  });
}
