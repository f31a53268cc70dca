import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../testkit/simulation/disk.ts';
import { storeWith } from '../testkit/simulation/store.ts';
import { readConfig } from './config.ts';
import { startService } from './service.ts';
import type { GrowthListener } from './store/growth.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';

let folder: string;
beforeEach(() => {
  folder = memoryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

it('an app whose log is replaced before it is open gives way to another one, and so does that', async () => {
  const config = readConfig({ PORT: '0', CAPS_TCP_PORT: 'off', HOST: '127.0.0.1', CAPS_DATA: folder });
  const listeners: GrowthListener[] = [];
  const options = {
    config,
    log: pino({ level: 'silent' }),
    /** Each app has its own. */
    get store() {
      const isFirst = listeners.length === 0;
      const watch = (listener: GrowthListener) => {
        listeners.push(listener);
        if (isFirst) listener.replaced('it lost its end');
      };
      return Object.assign(storeWith(openSqliteStore(folder), {}), { growth: { watch } });
    },
  };
  const urls: string[] = [];
  const service = await startService(options, ({ url }) => void urls.push(url));
  try {
    await expect.poll(() => urls.length, { timeout: 30_000 }).toBe(1);
    listeners.at(-1)?.replaced('it lost its end again');
    await expect.poll(() => urls.length, { timeout: 30_000 }).toBe(2);
    expect(service.app.url).toBe(urls.at(-1));
    expect((await fetch(`${service.app.url.replace('localhost', '127.0.0.1')}/healthz`)).status).toBe(200);
  } finally {
    await service.close();
  }
});
