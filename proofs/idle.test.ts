import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Client, connect } from '../client/client.ts';
import { startHub } from '../testkit/hub-process.ts';

const count = 1_000;
/** Connections opened at a time, rather than all at once. */
const atATime = 20;
/** Memory of the hub per connection, garbage included. Measured: 29 to 45 kB, and 67 to 82 kB before. */
const kilobytesMax = 60;

async function kilobytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

function live(client: Client): Promise<void> {
  return new Promise((resolve) => {
    client.on('state', ({ kind }) => {
      if (kind === 'live') resolve();
    });
  });
}

test('[S3] a thousand connections that do nothing take 60 kB of the hub’s memory each, at most', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ env: { CAPS_CONNECTIONS: 'off' } }), (it) => it.dispose());
  const { url } = hub;
  const before = await kilobytesOf(hub.pid);
  for (let from = 0; from < count; from += atATime) {
    const some = Array.from({ length: atATime }, (_, i) => {
      const client = connect({ url, identity: { role: 'vendor', store: `s${from + i}` } });
      return stack.adopt(client, (it) => it.close());
    });
    await Promise.all(some.map(live));
  }
  const each = ((await kilobytesOf(hub.pid)) - before) / count;
  console.log(JSON.stringify({ connections: count, kilobytesEach: Math.round(each) }));
  expect(each).toBeLessThan(kilobytesMax);
});
