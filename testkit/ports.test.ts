import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { type ReservedPort, reservePort } from './ports.ts';

const reserved: ReservedPort[] = [];
afterEach(() => {
  for (const one of reserved.splice(0)) one.release();
});

async function reserve(): Promise<number> {
  const one = await reservePort();
  reserved.push(one);
  return one.port;
}

it('a reserved port is given to nobody else, in this process or another, until it is released', async () => {
  const port = await reserve();
  const thrown = (port + 0.5 - 20_000) / 10_000;
  vi.spyOn(Math, 'random').mockReturnValueOnce(thrown);
  expect(await reserve()).not.toBe(port);

  const other = `
    import { reservePort } from ${JSON.stringify(new URL('ports.ts', import.meta.url).href)};
    const { random } = Math;
    const throws = [${thrown}];
    Math.random = () => throws.shift() ?? random();
    const { port } = await reservePort();
    console.log(port);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', other]);
  expect(Number((await run()).stdout)).not.toBe(port);

  for (const one of reserved.splice(0)) one.release();
  expect(Number((await run()).stdout)).toBe(port);
});
