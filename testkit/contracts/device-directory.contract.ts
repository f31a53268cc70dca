/** What the directories of two hubs promise together. */

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

export interface TwoDirectories {
  /** Of the hubs `one` and `two`. */
  readonly directories: readonly [DeviceDirectory, DeviceDirectory];
  /** Until one knows what happened at the other. */
  readonly toldWithinMs: number;
  /** Hub `one` dies. */
  readonly kill: () => void;
}

interface EnteredDevice {
  readonly id: string;
  readonly link: NotedLink;
  readonly session: DeviceSession;
}

/** @param make each holds at most this many devices */
export function deviceDirectoryContract(
  make: (clock: SimulatedClock, devicesMax: number) => TwoDirectories,
): void {
  let clock: SimulatedClock;
  let made: TwoDirectories;
  let one: DeviceRegistry;
  let two: DeviceRegistry;

  beforeEach(() => {
    clock = new SimulatedClock();
    made = make(clock, 5);
    const onFault = (error: unknown) => expect.fail(String(error));
    const registry = (serverId: string, directory: DeviceDirectory) =>
      new DeviceRegistry({ serverId, directory, clock, onFault });
    [one, two] = [registry('one', made.directories[0]), registry('two', made.directories[1])];
  });

  const found = (id: string, at = 0): Promise<Device | undefined> =>
    clock.settling(made.directories[at]?.find(id) ?? Promise.resolve(undefined));
  const send = (id: string, message: string, waitMs = 0) => made.directories[0].send(id, { message, waitMs });
  const told = () => clock.advance(made.toldWithinMs);
  /** A command and its answer. */
  const carried = () => clock.advance(2 * made.toldWithinMs);

  async function enter(registry: DeviceRegistry, id = uuidv7()): Promise<EnteredDevice> {
    const link = new NotedLink();
    return { id, link, session: await clock.settling(registry.enter(id, link)) };
  }

  describe('one hub', () => {
    it('knows its devices, each with its latest report', async () => {
      const { id, session } = await enter(one);
      const connectedAt = new Date(clock.now()).toISOString();
      const known = { id, hub: 'one', connected: true, connectedAt };
      expect(await found(id)).toEqual({ ...known, lastSeen: connectedAt });
      await clock.advance(60_000);
      const reportedAt = new Date(clock.now()).toISOString();
      await clock.settling(session.reported(report));
      expect(await found(id)).toEqual({ ...known, ...report, lastSeen: reportedAt, reportedAt });
      await clock.advance(60_000);
      await clock.settling(session.seen());
      const lastSeen = new Date(clock.now()).toISOString();
      expect(await found(id)).toEqual({ ...known, ...report, lastSeen, reportedAt });
    });

    it('knows a device that has left, and gives it back what it had reported', async () => {
      const { id, session } = await enter(one);
      await clock.settling(session.reported(report));
      session.leave();
      session.leave();
      await clock.settle();
      expect(await found(id)).toMatchObject({ ...report, hub: 'one', connected: false });
      await clock.settling(session.seen());
      expect(await found(id)).toMatchObject({ connected: false });
      expect((await enter(one, id)).session.report).toEqual(report);
    });

    it('gives an answer to the oldest command that it fits', async () => {
      const { id, session } = await enter(one);
      const commands = [
        'HEY YOU, RUN!',
        "HOW'S IT GOING?",
        'KEEP ME POSTED EVERY 5 SECONDS.',
        'HEY YOU, REST!',
      ];
      const sent = commands.map((message) => send(id, message, 5_000));
      await clock.settle();
      session.answered('fine', 'fine');
      session.answered('fine', 'fine, to nothing');
      session.answered('sorry', 'not run');
      session.answered('sure', 'posted');
      session.answered('done', 'rested');
      const answers = await clock.settling(Promise.all(sent));
      expect(answers.map((answer) => answer.kind === 'sent' && answer.answer?.message)).toEqual([
        ...['not run', 'fine', 'posted', 'rested'],
      ]);
    });

    it('has no answer of a device that did not answer in time, or left', async () => {
      const { id, session } = await enter(one);
      const waited = send(id, 'HEY YOU, RUN!', 2_000);
      await clock.advance(2_000);
      expect(await waited).toMatchObject({ kind: 'sent', answer: null });
      const asked = send(id, 'HEY YOU, REST!', 30_000);
      await clock.settle();
      session.leave();
      expect(await asked).toMatchObject({ kind: 'sent', answer: null });
    });

    it('[S3] sends 16 commands a minute to a device that answers nothing', async () => {
      const { id, link } = await enter(one);
      for (let n = 0; n < 16; n += 1) expect(await send(id, 'HEY YOU, RUN!')).toMatchObject({ kind: 'sent' });
      expect(await send(id, 'HEY YOU, RUN!')).toEqual({ kind: 'too-many' });
      expect(link.commands).toHaveLength(16);
      await clock.advance(60_000);
      expect(await send(id, 'HEY YOU, RUN!')).toMatchObject({ kind: 'sent' });
    });

    it('sends nothing to a device that is unknown or away', async () => {
      expect(await send(uuidv7(), 'HEY YOU, RUN!')).toEqual({ kind: 'unknown' });
      const { id, session } = await enter(one);
      session.leave();
      await clock.settle();
      expect(await send(id, 'HEY YOU, RUN!')).toEqual({ kind: 'not-connected' });
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
      expect((await made.directories[0].list({ after: undefined, limit: 9 })).items).toEqual([
        expect.objectContaining({ id: heard.id }),
      ]);
    });

    it('[S3] when it is full, forgets whoever is away longest, and never who is here', async () => {
      const all: EnteredDevice[] = [];
      for (let n = 0; n < 5; n += 1) all.push(await enter(one));
      await expect(one.enter(uuidv7(), new NotedLink())).rejects.toMatchObject({ code: 'busy' });
      all[3]?.session.leave();
      all[1]?.session.leave();
      await clock.settle();
      await enter(one);
      const { items } = await made.directories[0].list({ after: undefined, limit: 9 });
      expect(items).toHaveLength(5);
      const isKnown = ({ id }: EnteredDevice) => items.some((item) => item.id === id);
      expect(all.map(isKnown)).toEqual([true, false, true, true, true]);
    });
  });

  describe('two hubs', () => {
    it('know each other’s devices, also those that left', async () => {
      const { id, session } = await enter(one);
      await clock.settling(session.reported(report));
      await told();
      expect(await found(id, 1)).toEqual(await found(id, 0));
      expect(JSON.parse(JSON.stringify(await found(id, 1)))).toEqual(await found(id, 1));
      session.leave();
      await told();
      expect(await found(id, 1)).toMatchObject({ ...report, hub: 'one', connected: false });
      expect((await enter(two, id)).session.report).toEqual(report);
      await told();
      expect(await found(id, 0)).toMatchObject({ ...report, hub: 'two', connected: true });
    });

    it('list all devices by id, page by page', async () => {
      const ids: string[] = [];
      for (const registry of [one, two, one, two, one]) {
        await clock.advance(1);
        ids.push((await enter(registry, uuidv7(Math.imul(clock.now(), 48_271) >>> 0))).id);
      }
      await told();
      for (const directory of made.directories) {
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const { items, next } = await directory.list({ after, limit: 2 });
          seen.push(...items.map(({ id }) => id));
          after = next ?? undefined;
        } while (after !== undefined);
        expect(seen).toEqual(ids.toSorted());
        const [first = ''] = seen;
        const behind = first.replace(/.$/, first.endsWith('f') ? 'e' : 'f');
        const page = await directory.list({ after: behind, limit: 9 });
        expect(page.items.map(({ id }) => id)).toEqual(seen.filter((id) => id > behind));
      }
    });

    it('carry a command to the hub that has the device, and its answer back', async () => {
      const { id, link, session } = await enter(two);
      await told();
      const asked = send(id, "HOW'S IT GOING?", 5_000);
      await told();
      expect(link.commands).toEqual(["HOW'S IT GOING?"]);
      const sentAt = new Date(clock.now()).toISOString();
      session.answered('fine', 'FINE.');
      await told();
      const answer = { message: 'FINE.', time: sentAt };
      expect(await asked).toEqual({ kind: 'sent', hub: 'two', sentAt, answer });
    });

    it('say of a command that was not answered, or not sent, that it was not', async () => {
      const { id, session } = await enter(two);
      await told();
      const waited = send(id, 'HEY YOU, RUN!', 500);
      await carried();
      await clock.advance(500);
      expect(await waited).toMatchObject({ kind: 'sent', hub: 'two', answer: null });
      session.leave();
      const late = send(id, 'HEY YOU, RUN!');
      await carried();
      expect(await late).toEqual({ kind: 'not-connected' });
      await told();
      expect(await send(id, 'HEY YOU, RUN!')).toEqual({ kind: 'not-connected' });
    });

    it.each(['one', 'two'])(
      'of two connections of a device the later has it, here or there: %s',
      async (hub) => {
        const first = await enter(one);
        await told();
        const second = await enter(hub === 'one' ? one : two, first.id);
        await told();
        expect([first.link.wasDisplaced, second.link.wasDisplaced]).toEqual([true, false]);
        await clock.settling(first.session.reported(report));
        first.session.leave();
        await told();
        for (const at of [0, 1]) {
          expect(await found(first.id, at)).toMatchObject({ hub, connected: true });
          expect(await found(first.id, at)).not.toHaveProperty('position');
        }
        const sent = send(first.id, 'HEY YOU, RUN!');
        await carried();
        expect(await sent).toMatchObject({ kind: 'sent', hub });
        expect([first.link.commands, second.link.commands]).toEqual([[], ['HEY YOU, RUN!']]);
      },
    );

    it('agree on one of two connections that came at once', async () => {
      const id = uuidv7();
      const both = [await enter(one, id), await enter(two, id)];
      await carried();
      expect(both.filter(({ link }) => link.wasDisplaced)).toHaveLength(1);
      expect(await found(id, 1)).toEqual(await found(id, 0));
      expect(await found(id)).toMatchObject({ connected: true });
    });

    it('keep a device that comes to one while the other still knows it as away', async () => {
      const first = await enter(one);
      first.session.leave();
      // Hub two has not been told of it.
      const second = await enter(two, first.id);
      await carried();
      await told();
      expect(second.link.wasDisplaced).toBe(false);
      for (const at of [0, 1])
        expect(await found(first.id, at)).toMatchObject({ hub: 'two', connected: true });
      second.session.leave();
      await told();
      for (const at of [0, 1])
        expect(await found(first.id, at)).toMatchObject({ hub: 'two', connected: false });
    });

    it('know the devices of a hub that ended, or died, as away', async () => {
      const [here, there] = [await enter(one), await enter(two)];
      await clock.settling(here.session.reported(report));
      await told();
      made.kill();
      await told();
      expect(await found(here.id, 1)).toMatchObject({ ...report, connected: false });
      expect(await found(there.id, 1)).toMatchObject({ connected: true });
      two.close();
      two.close();
      expect(await found(there.id, 1)).toMatchObject({ connected: false });
    });

    it('say that a hub which died with a command did not answer', async () => {
      const { id } = await enter(one);
      await told();
      const asked = made.directories[1].send(id, { message: 'HEY YOU, RUN!', waitMs: 0 });
      made.kill();
      await clock.advance(60_000);
      expect(await asked).toEqual({ kind: 'unanswered' });
    });
  });
}
