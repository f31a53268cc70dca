/** Shops, drivers and readers in a process of their own, which the system can stop and let go on. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { History } from './history.ts';
import type { HubProcess } from './hub-process.ts';

/** How they reach the hub. `rest` sends by requests and reads a stream of events, and so does `slow`, which reads slowly. */
export const peopleDoors = ['socket.io', 'tcp', 'rest', 'slow'] as const;
/** Or they are ten who do nothing but read the log, over one transport of Socket.IO. */
export type PeopleDoor = (typeof peopleDoors)[number] | 'websocket' | 'polling';

export interface PeopleOptions {
  readonly door: PeopleDoor;
  readonly url: string;
  readonly tcpPort: number;
  readonly seed: number;
  /** Orders that their shop keeps on their way. */
  readonly windowMax: number;
}

/** Their part of the history. Times are of the machine's steady clock, which all processes share. */
export type Seen = Pick<History, 'commands' | 'watchers'>;

/** What they can be asked: to end their business, to send some of it again, and what they have seen. */
export type Question = 'close' | 'repeat' | 'seen';

export interface People {
  readonly door: PeopleDoor;
  /** SIGSTOP. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Their shops take no new orders; resolves when all those on their way are where their plans end. */
  close(): Promise<void>;
  /** Sends some commands once more, under the ids they had. */
  repeat(): Promise<void>;
  seen(): Promise<Seen>;
  /** Ends them however they are. */
  dispose(): Promise<void>;
}

/** What must not outlive this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const program = fileURLToPath(new URL('people-process.ts', import.meta.url));

/** Resolves when they are there. */
export async function bringPeople(
  hub: HubProcess,
  how: Pick<PeopleOptions, 'door' | 'seed' | 'windowMax'>,
): Promise<People> {
  const options: PeopleOptions = { ...how, url: hub.url, tcpPort: hub.tcpPort };
  // Told of times that are not finite, which JSON does not have.
  const child = fork(program, [JSON.stringify(options)], { serialization: 'advanced', execArgv: [] });
  const dispose = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  running.add(child);
  child.once('exit', () => running.delete(child));
  const answers = new Map<Question, (seen: Seen | undefined) => void>();
  child.on('message', ([question, seen]: [Question, Seen | undefined]) => answers.get(question)?.(seen));
  const ask = (question: Question): Promise<Seen | undefined> => {
    const { promise, resolve } = Promise.withResolvers<Seen | undefined>();
    answers.set(question, resolve);
    child.send(question);
    return promise;
  };
  const seen = async (): Promise<Seen> => {
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
