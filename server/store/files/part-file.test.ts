import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp } from '../sqlite/backup.ts';
import { openSqliteStore } from '../sqlite/sqlite.ts';
import { PartFile } from './part-file.ts';

let top: string;
let data: string;
beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'caps-'));
  data = join(top, 'data');
  await openSqliteStore(data).close();
});
afterEach(() => rmSync(top, { recursive: true }));

/** A process that has begun a file, and is in the middle of it. */
async function writerOf(to: string) {
  const module = new URL('./part-file.ts', import.meta.url).href;
  const script = `import { PartFile } from ${JSON.stringify(module)};
    import { writeFileSync } from 'node:fs';
    globalThis.part = new PartFile(${JSON.stringify(to)});
    writeFileSync(globalThis.part.path, 'half');
    console.log('begun'); setInterval(() => {}, 1e6);`;
  const writer = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(writer.stdout, 'data');
  return {
    async kill() {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    },
  };
}

const parts = (folder: string) =>
  readdirSync(folder).filter((name) => /\.(part|lock)$/.test(name) && name !== 'caps.lock');

it('what a backup leaves that is killed is removed by the next one, and what one writes now is not', async () => {
  const killed = await writerOf(join(top, 'one.sqlite'));
  const running = await writerOf(join(top, 'two.sqlite'));
  await killed.kill();
  expect(parts(top)).toHaveLength(4);
  await backUp(data, join(top, 'three.sqlite'));
  expect(parts(top)).toEqual([
    expect.stringMatching(/^two\.sqlite\.\w+\.lock$/),
    expect.stringMatching(/^two\.sqlite\.\w+\.part$/),
  ]);
  await running.kill();
  await backUp(data, join(top, 'four.sqlite'));
  expect(readdirSync(top).sort()).toEqual(['data', 'four.sqlite', 'three.sqlite']);
});

it('what a restore leaves that is killed is removed by the next start, also where an earlier version was', async () => {
  const killed = await writerOf(join(data, 'caps.sqlite'));
  await killed.kill();
  writeFileSync(join(data, 'caps.sqlite.0a1b2c3d.part'), 'half');
  writeFileSync(join(data, 'mine.0a1b2c3d.part'), 'mine');
  await openSqliteStore(data).close();
  expect(readdirSync(data).sort()).toEqual(['caps.lock', 'caps.sqlite', 'mine.0a1b2c3d.part']);
});

it('leaves nothing when it is closed', () => {
  const part = new PartFile(join(top, 'five.sqlite'));
  writeFileSync(part.path, 'whole');
  part.settle();
  part.close();
  part.close();
  expect(readdirSync(top).sort()).toEqual(['data', 'five.sqlite']);
});
