import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startHub } from '../testkit/hub-process.ts';

const compiled = fileURLToPath(new URL('../node_modules/.cache/caps/compiled', import.meta.url));
/** CPU time of a process from /proc. */
const ticksPerSecond = 100;

function compiledFiles(): number {
  return existsSync(compiled) ? readdirSync(compiled, { recursive: true }).length : 0;
}

const triesMax = 4;

async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

test('every start but the first takes less than a second of CPU, even after a kill', {
  timeout: 60_000,
}, async () => {
  // The tests' own compile cache is full already.
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ env: { NODE_COMPILE_CACHE: '' } }), (it) => it.dispose());
  await expect.poll(compiledFiles, { timeout: 20_000 }).toBeGreaterThan(100);
  const cold = await cpuSecondsOf(hub.pid);
  // What else runs on the machine makes every instruction slower, never faster: the best of a few counts.
  const warm: number[] = [];
  while (warm.length < triesMax && Math.min(...warm) >= 1) {
    await hub.kill();
    await hub.start();
    warm.push(await cpuSecondsOf(hub.pid));
  }
  console.log(JSON.stringify({ cold, warm }));
  expect(Math.min(...warm)).toBeLessThan(1);
});
