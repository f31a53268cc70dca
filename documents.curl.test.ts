/** Every `curl` that a document shows, run in order against a hub; where its answer is shown too, the hub's has the same fields. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { atHub, expectInstalled } from './testkit/code-blocks.ts';
import { elided, fencedBlocks, readDocument, valuesIn } from './testkit/documents.ts';
import { GatewayDevice } from './testkit/gateway-device.ts';
import { type RealHub, startRealHub } from './testkit/real-hub.ts';

const adminKey = 'the-admin-key-of-this-test';

interface Call {
  readonly command: string;
  /** The comment lines below it. */
  readonly comment: string;
}

/** Of blocks that are nothing but calls of `curl`, one after the other. */
function callsIn(path: string): Call[] {
  const blocks = fencedBlocks(readDocument(path)).map((block) => block.replaceAll('\\\n', ''));
  return blocks
    .filter((block) => block.split('\n').every((line) => /^(curl .*[^&]$|#|$)/.test(line)))
    .flatMap((block) =>
      Array.from(block.matchAll(/^(curl .*)\n((?:#.*\n)*)/gm), ([, command = '', comment = '']) => ({
        command,
        comment,
      })),
    );
}

let open: RealHub;
let keyed: RealHub;
/** The vehicle that the documents ask about. */
let device: GatewayDevice;
let folder: string;
beforeAll(async () => {
  expectInstalled({ needs: 'curl', from: 'curl' });
  folder = mkdtempSync(join(tmpdir(), 'caps-curl-'));
  [open, keyed] = await Promise.all([startRealHub(), startRealHub({ CAPS_ADMIN_KEY: adminKey })]);
  device = await new GatewayDevice(open.tcpPort, '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed').met();
  device.report();
  await device.hears(({ message }) => message === 'OK, THANKS!');
});
afterAll(async () => {
  device.close();
  await Promise.all([open.close(), keyed.close()]);
  rmSync(folder, { recursive: true });
});

/** A stream has no end of its own. curl ends with 28 after the time that it is given. */
const isStream = ({ command }: Call): boolean => / -\w*N /.test(command);

/** @returns what curl prints, without its progress */
function run(call: Call, command: string): Promise<string> {
  const text = command.replace(
    /^curl /,
    `curl -sS ${/ -f /.test(command) ? '' : '--fail-with-body '}${isStream(call) ? '--max-time 1 ' : ''}`,
  );
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CAPS_ADMIN_KEY: adminKey };
    execFile('sh', ['-c', text], { cwd: folder, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const isFine = error === null || (isStream(call) && error.code === 28);
      if (isFine) resolve(stdout);
      else reject(new Error(`${text}\n${stdout}${stderr}`));
    });
  });
}

/** Whether an answer has the fields that the document shows, and no other, all the way down. */
function fits(shown: unknown, actual: unknown): boolean {
  if (Array.isArray(shown)) {
    return Array.isArray(actual) && (shown.length === 0 || fits(shown[0], actual[0]));
  }
  if (typeof shown !== 'object' || shown === null) return typeof shown === typeof actual;
  if (elided in shown) return true;
  if (typeof actual !== 'object' || actual === null) return false;
  const names = Object.keys(shown).toSorted();
  return (
    JSON.stringify(names) === JSON.stringify(Object.keys(actual).toSorted()) &&
    names.every((name) => fits(fieldOf(shown, name), fieldOf(actual, name)))
  );
}
const fieldOf = (of: object, name: string): unknown => Object.entries(of).find(([own]) => own === name)?.[1];

/** What the hub made up, in the place of what the document shows for it. */
function renamed(names: Map<string, string>, shown: object, actual: object): void {
  for (const name of ['id', 'orderID']) {
    const [from, to] = [fieldOf(shown, name), fieldOf(actual, name)];
    if (typeof from === 'string' && typeof to === 'string') names.set(from, to);
  }
  const [, token] = /\/track\/(\S+)$/.exec(String(fieldOf(actual, 'tracking'))) ?? [];
  if (token) names.set('trk_…', token);
}

it.each(['README.md', 'docs/protocol.md', 'docs/rest.md', 'docs/limits.md', 'docs/running.md'])(
  'every curl of %s does what the document says',
  async (path) => {
    const calls = callsIn(path);
    expect(calls.length).toBeGreaterThan(0);
    const names = new Map<string, string>();
    for (const call of calls) {
      const hub = call.command.includes('CAPS_ADMIN_KEY') ? keyed : open;
      const command = [...names].reduce((text, [from, to]) => text.replaceAll(from, to), call.command);
      const output = await run(call, atHub(command, hub));
      // The first is the usual one; of a stream the others are what else may come.
      const [shown] = valuesIn(call.comment);
      const [actual] = valuesIn(output);
      if (typeof shown !== 'object' || shown === null) continue;
      const isSame = fits(shown, actual);
      expect([command, isSame ? shown : actual]).toEqual([command, shown]);
      renamed(names, shown, actual ?? {});
    }
  },
);
