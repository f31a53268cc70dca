/** Reads the whole log as server-sent events, and reconnects with its last cursor. */

import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { CapsRecord } from '../protocol/messages.ts';
import type { Recorder } from './recorder.ts';

/** Delay before reconnecting, like a browser's. */
const againMs = 300;

/** @param everyMs interval at which one network packet is read; 0: as fast as they come */
export function readStream(recorder: Recorder, url: string, name: string, everyMs: number): void {
  const heard = recorder.watch(name, { feed: 'log' }, 0);
  void goOn();

  async function goOn(): Promise<void> {
    let last = '0';
    for (let connection = 1; ; connection += 1) {
      await readOnce(connection).catch(() => {});
      await pause(againMs);
    }

    async function readOnce(connection: number): Promise<void> {
      const response = await streamFrom(url, last);
      let rest = '';
      for await (const chunk of response.setEncoding('utf8')) {
        const messages = (rest + String(chunk)).split('\n\n');
        rest = messages.pop() ?? '';
        for (const message of messages) {
          const id = /^id: (.+)$/m.exec(message)?.[1];
          const data = /^data: (.+)$/m.exec(message)?.[1];
          if (id !== undefined && data !== undefined && !/^event: /m.test(message)) {
            heard(connection, JSON.parse(data) as CapsRecord);
          }
          last = id ?? last;
        }
        if (everyMs > 0) await pause(everyMs);
      }
    }
  }
}

function streamFrom(url: string, last: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/event-stream', 'last-event-id': last };
    get(`${url}/api/events?as=admin`, { agent: false, headers }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`refused with ${response.statusCode}`));
      response.on('error', () => {});
    }).on('error', reject);
  });
}
