/** Drivers who race for the same parcels through different doors. */

import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { tcpWire } from '../client/tcp-wire.ts';
import { uuidv7 } from '../protocol/ids.ts';
import type { Answer } from '../protocol/messages.ts';
import type { ParcelId } from '../protocol/orders.ts';
import type { HubProcess } from '../testkit/hub-process.ts';
import type { Recorder } from '../testkit/recorder.ts';
import { readLines } from '../testkit/tcp-lines.ts';

export const raceDoors = ['socket.io', 'tcp', 'rest', 'plain socket.io', 'plain tcp'] as const;
export type RaceDoor = (typeof raceDoors)[number];

export interface Racer {
  readonly door: RaceDoor;
  /** The driver's id in the log. */
  readonly driver: string;
  /** Resolves with the hub's answer; undefined at a door without answers. */
  send(event: 'claimed' | 'delivered', parcel: ParcelId): Promise<Answer | undefined>;
  /** Resolves when the hub has handled all commands. */
  finished(): Promise<void>;
  close(): void;
}

type Send = Racer['send'];

/** @param number the driver's, from 1 to 100 */
export async function raceBy(
  door: RaceDoor,
  number: number,
  hub: HubProcess,
  recorder: Recorder,
): Promise<Racer> {
  const driver = `driver-${number}`;
  switch (door) {
    case 'socket.io':
    case 'tcp': {
      const dial = door === 'tcp' ? { dial: tcpWire('127.0.0.1', hub.tcpPort) } : {};
      const identity = { role: 'driver', driver } as const;
      const { client, command } = recorder.connect(driver, { url: hub.url, identity, ...dial });
      const send: Send = (event, payload) => command({ event, payload });
      return { door, driver, send, finished: async () => {}, close: () => client.close() };
    }
    case 'rest':
      return { door, driver, send: byRest(hub.url, driver, recorder), finished: async () => {}, close() {} };
    case 'plain socket.io':
      return plainSocket(hub.url, addressOf(number), recorder);
    case 'plain tcp':
      return plainLine(hub.tcpPort, addressOf(number), recorder);
  }
}

/** The hub tells plain clients apart by address. All of 127.0.0.0/8 is this machine. */
function addressOf(number: number): string {
  return `127.0.0.${100 + number}`;
}

function byRest(url: string, driver: string, recorder: Recorder): Send {
  return (event, payload) => {
    const command = { event, payload, id: uuidv7() };
    const ask = async (): Promise<Answer> => {
      const response = await fetch(
        `${url}/api/orders/${payload.store}/${payload.orderID}/${event}?as=driver:${driver}`,
        { method: 'POST', headers: { 'idempotency-key': command.id } },
      );
      const said = await response.json();
      if (response.ok) return said as Answer;
      const { code, detail: message, retryable, details } = said;
      if (!retryable) return { ok: false, error: { code, message, retryable, details } } as Answer;
      // A busy hub, which says when to come back.
      await pause(1_000 * Number(response.headers.get('retry-after') ?? 1));
      return ask();
    };
    return recorder.issue(driver, `driver:${driver}`, command, ask);
  };
}

async function plainSocket(url: string, address: string, recorder: Recorder): Promise<Racer> {
  // The library passes it to Node, although its type lacks it.
  const agent = new Agent({ localAddress: address }) as unknown as string;
  const socket = io(`${url}/caps`, { transports: ['websocket'], reconnection: false, agent });
  await once(socket as never, 'connect');
  const driver = `plain:${address}`;
  return {
    door: 'plain socket.io',
    driver,
    send(event, payload) {
      const command = { event, payload, id: uuidv7() };
      const ask = (): Promise<Answer> => socket.emitWithAck(event, payload);
      return recorder.issue(driver, `driver:${driver}`, command, ask);
    },
    finished: async () => {},
    close: () => void socket.close(),
  };
}

async function plainLine(port: number, address: string, recorder: Recorder): Promise<Racer> {
  const socket = connectTcp({ port, host: '127.0.0.1', localAddress: address, noDelay: true });
  await once(socket, 'connect');
  const driver = `plain:${address}`;
  const isThrough = Promise.withResolvers<void>();
  readLines(socket, (line) => {
    if (line === 'PONG.') isThrough.resolve();
  });
  socket.on('close', () => isThrough.reject(new Error(`the hub hung up on ${driver}`)));
  isThrough.promise.catch(() => {});
  return {
    door: 'plain tcp',
    driver,
    send(event, payload) {
      const command = { event, payload, id: uuidv7() };
      return recorder.issue(driver, `driver:${driver}`, command, async () => {
        socket.write(`${JSON.stringify({ event, payload })}\n`);
        return undefined;
      });
    },
    finished() {
      socket.write('PING.\n');
      return isThrough.promise;
    },
    close: () => void socket.destroy(),
  };
}
