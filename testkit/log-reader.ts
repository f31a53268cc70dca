/** Reads the whole log over one Socket.IO transport, and reconnects with its cursor. */

import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { Places } from '../client/places.ts';
import { cursorOf } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Events, Welcome } from '../protocol/messages.ts';
import type { Recorder } from './recorder.ts';

/** Delay before reconnecting. */
const againMs = 300;

export async function readLog(
  recorder: Recorder,
  url: string,
  name: string,
  transport: 'websocket' | 'polling',
): Promise<never> {
  const heard = recorder.watch(name, { feed: 'log' }, 0);
  const places = new Places('admin');
  places.begin(0);
  let after = '0';
  for (let connection = 1; ; connection += 1) {
    const socket = io(`${url}/caps`, {
      auth: { protocol: PROTOCOL_VERSION, role: 'admin', name, after },
      transports: [transport],
      reconnection: false,
      forceNew: true,
    });
    let epoch = '';
    socket.on('welcome', (welcome: Welcome) => {
      epoch = welcome.epoch;
    });
    const ended = new Promise<void>((resolve) => {
      socket.once('disconnect', () => resolve());
      socket.once('connect_error', () => resolve());
      socket.on('events', (events: Events) => {
        const stretch = places.take(events);
        if (stretch === 'missed') return void socket.close();
        if (stretch === 'old') return;
        for (const record of stretch.records) heard(connection, record);
        after = cursorOf(epoch, stretch.upTo);
      });
    });
    await ended;
    socket.close();
    await pause(againMs);
  }
}
