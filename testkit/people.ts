/** Shops, drivers and readers in their own process, which can be paused. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { History } from './history.ts';
import type { HubProcess } from './hub-process.ts';

/** The door they use. `rest` sends requests and reads a stream of events; `slow` does the same, but reads slowly. */
export const peopleDoors = ['socket.io', 'tcp', 'rest', 'slow'] as const;
/** Or ten readers of the log over one Socket.IO transport. */
export type PeopleDoor = (typeof peopleDoors)[number] | 'websocket' | 'polling';

export interface PeopleOptions {
  readonly door: PeopleDoor;
  readonly url: string;
  readonly tcpPort: number;
  readonly seed: number;
  /** Orders in progress per shop. */
  readonly windowMax: number;
}

/** Their part of the history. Times are from the monotonic clock that all processes share. */
export type PeopleHistory = Pick<History, 'commands' | 'watchers'>;

/** Requests to them: finish, repeat some commands, and report what they have seen. */
export type Question = 'close' | 'repeat' | 'seen';

export interface People {
  readonly door: PeopleDoor;
  /** SIGSTOP. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Places no more orders; resolves when all plans are finished. */
  close(): Promise<void>;
  /** Sends some commands again under their ids. */
  repeat(): Promise<void>;
  seen(): Promise<PeopleHistory>;
  /** Kills them. */
  dispose(): Promise<void>;
}

/** Killed when this process ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const program = fileURLToPath(new URL('people-process.ts', import.meta.url));

/** Resolves when they are connected. */
export async function bringPeople(
  hub: HubProcess,
  how: Pick<PeopleOptions, 'door' | 'seed' | 'windowMax'>,
): Promise<People> {
  const options: PeopleOptions = { ...how, url: hub.url, tcpPort: hub.tcpPort };
  // Their history contains infinite times, which JSON cannot hold.
  const child = fork(program, [JSON.stringify(options)], { serialization: 'advanced', execArgv: [] });
  const dispose = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  running.add(child);
  child.once('exit', () => running.delete(child));
  const answers = new Map<Question, (seen: PeopleHistory | undefined) => void>();
  child.on('message', ([question, seen]: [Question, PeopleHistory | undefined]) =>
    answers.get(question)?.(seen),
  );
  const ask = (question: Question): Promise<PeopleHistory | undefined> => {
    const { promise, resolve } = Promise.withResolvers<PeopleHistory | undefined>();
    answers.set(question, resolve);
    child.send(question);
    return promise;
  };
  const seen = async (): Promise<PeopleHistory> => {
    const all = await ask('seen');
    if (!all) throw new Error(`those at ${how.door} did not say what they saw`);
    return all;
  };
  await seen();
  return {
    door: how.door,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    close: async () => void (await ask('close')),
    repeat: async () => void (await ask('repeat')),
    seen,
    dispose,
  };
}
