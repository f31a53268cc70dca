import { Writable } from 'node:stream';
import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { expect, it } from 'vitest';
import { attacks } from '../../protocol/characters.samples.ts';
import { logLine, ProcessOutput } from './output.ts';

/** A pipe whose reader takes one write after the other when it is told to. */
class Pipe extends Writable {
  text = '';
  isBroken = false;
  #take: (() => void) | undefined;

  override _write(chunk: unknown, _: unknown, done: (error?: Error) => void): void {
    this.#take = () => {
      this.text += String(chunk);
      done();
    };
    if (this.isBroken) done(new Error('EPIPE'));
  }

  /** @returns whether there was anything to take */
  async take(): Promise<boolean> {
    const take = this.#take;
    this.#take = undefined;
    take?.();
    await new Promise((resolve) => setImmediate(resolve));
    return take !== undefined;
  }
}

it('keeps the order of lines and texts, and says when all has been taken', async () => {
  const pipe = new Pipe();
  const output = new ProcessOutput(pipe, false);
  output.line('greeting\n');
  const written = output.write('EVENT\n');
  output.line('stopping\n');
  let isFlushed = false;
  void output.flushed().then(() => {
    isFlushed = true;
  });
  await pipe.take();
  await pipe.take();
  await written;
  expect(isFlushed).toBe(false);
  await pipe.take();
  expect([isFlushed, pipe.text]).toEqual([true, 'greeting\nEVENT\nstopping\n']);
});

it('[S3] a pipe that stands still costs bounded memory, and what is left out is said', async () => {
  const pipe = new Pipe();
  const output = new ProcessOutput(pipe, false, 1_000);
  for (let i = 0; i < 500; i += 1) output.line(`line ${i}\n`);
  expect(pipe.writableLength).toBeLessThan(1_100);
  while (await pipe.take());
  const lines = pipe.text.trimEnd().split('\n');
  const kept = lines.filter((line) => line.startsWith('line ')).length;
  expect(lines.at(-1)).toBe(`${500 - kept} lines of the log are missing here: the output stood still.`);
  output.line('and on\n');
  await pipe.take();
  expect(pipe.text).toMatch(/\nand on\n$/);
});

it('a pipe that is broken is told to whoever waits, and to nobody else', async () => {
  const pipe = new Pipe();
  pipe.isBroken = true;
  const output = new ProcessOutput(pipe, false);
  output.line('lost\n');
  await expect(output.write('EVENT\n')).rejects.toThrow();
  await expect(output.write('EVENT\n')).rejects.toThrow();
  await output.flushed();
});

it.each([false, true])(
  'no line of the log holds anything that a terminal obeys or nobody sees; in words: %s',
  (inWords) => {
    const asText = inWords ? prettyFactory({ colorize: false, ignore: 'pid,hostname,time' }) : undefined;
    const written: string[] = [];
    const log = pino({}, { write: (line) => void written.push(logLine(line, asText)) });
    const all = attacks.map(({ char }) => `re${char}d`).join();
    log.warn({ said: all, [all]: 1 }, `a \\u0041 ${all}`);
    log.error({ err: new Error(all) }, 'failed');
    expect(written.join('').match(/[^\n -~]/g)).toBeNull();
    expect(written[0]).toContain('re\\u202ed');
    if (!inWords) expect(JSON.parse(written[0] ?? '')).toMatchObject({ said: all });
    else expect(written[1]?.split('\n').length).toBeGreaterThan(3);
  },
);
