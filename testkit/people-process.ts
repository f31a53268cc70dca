/** The process behind `people.ts`: its first argument names the door; questions and answers use its IPC channel. */

import { flushCompileCache } from 'node:module';
import { tcpWire } from '../client/tcp-wire.ts';
import { seeded } from './chance.ts';
import { openShop, putOnDuty } from './crew.ts';
import { readLog } from './log-reader.ts';
import type { PeopleHistory, PeopleOptions, Question } from './people.ts';
import { Recorder } from './recorder.ts';
import { openRequestShop } from './request-shop.ts';
import { readStream } from './stream-reader.ts';
import { timeOrigin } from './time-origin.ts';

const repeats = 40;
const readers = 10;
/** Interval at which a slow reader reads. */
const slowlyMs = 200;

const options = JSON.parse(process.argv[2] ?? '') as PeopleOptions;
const { door, url, tcpPort, seed, windowMax } = options;
const dial = door === 'tcp' ? tcpWire('127.0.0.1', tcpPort) : undefined;
const recorder = new Recorder(dial, { isSharing: true });
const close = begin();

// These processes end by a kill, which would leave the next one nothing that is compiled.
setImmediate(flushCompileCache);
process.on('message', (question: Question) => void answer(question));
// Our parent is gone.
process.once('disconnect', () => process.exit(0));

/** @returns stops them */
function begin(): () => Promise<void> {
  if (door === 'websocket' || door === 'polling') {
    for (let i = 0; i < readers; i += 1) void readLog(recorder, url, `reader-${i}-by-${door}`, door);
    return async () => {};
  }
  if (door === 'slow') {
    readStream(recorder, url, 'slow-log', slowlyMs);
    return async () => {};
  }
  if (door === 'rest') {
    readStream(recorder, url, 'stream-log', 0);
    return openRequestShop(recorder, url, 'rest-shop', seeded(seed));
  }
  const shop = openShop(recorder, url, `shop-by-${door}`, seeded(seed), windowMax);
  for (let i = 0; i < 2; i += 1) {
    putOnDuty(recorder, url, `driver-${i}-by-${door}`, seeded(seed + 1 + i), 3);
  }
  recorder.connect(`log-by-${door}`, { url, identity: { role: 'admin' } });
  return () => shop.close();
}

async function answer(question: Question): Promise<void> {
  if (question === 'close') await close();
  if (question === 'repeat' && (door === 'socket.io' || door === 'tcp')) {
    await recorder.repeat(repeats, seeded(seed + 9));
  }
  process.send?.([question, question === 'seen' ? seen() : undefined]);
}

function seen(): PeopleHistory {
  const { commands, watchers } = recorder.history([]);
  const beganAt = timeOrigin();
  return {
    commands: commands.map((one) => ({ ...one, start: one.start + beganAt, end: one.end + beganAt })),
    watchers,
  };
}
