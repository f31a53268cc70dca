/** Reads a hub's system calls from strace: its writes to the log's files, its syncs, and its messages. */

import { createReadStream } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Step } from '../testkit/power-disk.ts';

const calls = [
  ...['openat', 'write', 'writev', 'pwrite64', 'pwritev', 'fsync', 'fdatasync', 'ftruncate'],
  ...['rename', 'unlink', 'sendto', 'sendmsg'],
];

/** The strace command for `readTrace`: prints all strings whole, in hexadecimal. */
export function tracing(file: string): string[] {
  const under = ['strace', '-D', '-f', '-y', '-xx', '--seccomp-bpf', '-e', 'signal=none'];
  return [...under, '-e', `trace=${calls.join(',')}`, '-s', '1048576', '-o', file];
}

const hex = String.raw`((?:\\x[0-9a-f]{2})*)`;
const patterns = {
  onFile: new RegExp(String.raw`^(\d+) +(\w+)\(\d+<${hex}>`),
  written: new RegExp(String.raw`"${hex}"(\.*), \d+, (\d+)`),
  opened: new RegExp(String.raw`^\d+ +openat\(\w+(?:<${hex}>)?, "${hex}", [^)]*O_CREAT.* = \d+`),
  renamed: new RegExp(String.raw`^\d+ +rename\("${hex}", "${hex}"\) += 0`),
  unlinked: new RegExp(String.raw`^\d+ +unlink\("${hex}"\) += 0`),
  resumed: /^(\d+) +<\.\.\. (?:fsync|fdatasync) resumed>\) += 0/,
  strings: new RegExp(`"${hex}"`, 'g'),
} as const;

/** A write counts when it begins, a sync when it has ended: strace splits calls of concurrent threads. */
export async function readTrace(trace: string, folder: string): Promise<Step[]> {
  const steps: Step[] = [];
  const syncing = new Map<string, Step>();
  const toFileName = (path: string) => {
    const decoded = textOf(path);
    return dirname(decoded) === folder && basename(decoded).startsWith('caps.sqlite')
      ? basename(decoded)
      : undefined;
  };
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const resumed = patterns.resumed.exec(line)?.[1];
    const ended = resumed === undefined ? undefined : syncing.get(resumed);
    if (ended) steps.push(ended);
    const step = stepIn(line, folder, toFileName);
    if (!step) continue;
    const thread = patterns.onFile.exec(line)?.[1];
    if (step.kind.startsWith('sync') && line.includes('<unfinished') && thread) syncing.set(thread, step);
    else steps.push(step);
  }
  return steps;
}

type ToFileName = (path: string) => string | undefined;

function stepIn(line: string, folder: string, toFileName: ToFileName): Step | undefined {
  const [, , opened] = patterns.opened.exec(line) ?? [];
  if (opened !== undefined) {
    const name = toFileName(opened);
    return name === undefined ? undefined : { kind: 'create', name };
  }
  const [, from, to] = patterns.renamed.exec(line) ?? [];
  if (from !== undefined && to !== undefined) {
    const names = { from: toFileName(from), to: toFileName(to) };
    return names.from && names.to ? { kind: 'rename', from: names.from, to: names.to } : undefined;
  }
  const [, unlinked] = patterns.unlinked.exec(line) ?? [];
  if (unlinked !== undefined) {
    const name = toFileName(unlinked);
    return name === undefined ? undefined : { kind: 'unlink', name };
  }
  const [, , call, path = ''] = patterns.onFile.exec(line) ?? [];
  if (call === undefined) return undefined;
  const name = toFileName(path);
  if (name !== undefined) return ofFile(line, call, name);
  if (/^f(data)?sync$/.test(call)) return textOf(path) === folder ? { kind: 'sync-folder' } : undefined;
  return told(line);
}

function ofFile(line: string, call: string, name: string): Step | undefined {
  if (/^f(data)?sync$/.test(call)) {
    return / = 0$|<unfinished/.test(line) ? { kind: 'sync', name } : undefined;
  }
  if (call === 'ftruncate') {
    const [, size] = /, (\d+)\)? /.exec(line) ?? [];
    return { kind: 'truncate', name, size: Number(size) };
  }
  const [, bytes, cut, at] = patterns.written.exec(line) ?? [];
  if (call !== 'pwrite64' || bytes === undefined || cut !== '') {
    throw new Error(`a write that the trace does not show whole: ${line.slice(0, 200)}`);
  }
  return { kind: 'write', name, at: Number(at), bytes: bytesOf(bytes) };
}

function told(line: string): Step | undefined {
  const seqs: number[] = [];
  for (const [, string = ''] of line.matchAll(patterns.strings)) {
    for (const [, seq] of textOf(string).matchAll(/"seq":(\d+)/g)) seqs.push(Number(seq));
  }
  return seqs.length === 0 ? undefined : { kind: 'told', seqs };
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

function textOf(text: string): string {
  return bytesOf(text).toString();
}
