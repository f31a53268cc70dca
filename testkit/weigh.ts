/**
 * For `node --expose-gc --import`: tells whoever connects to the socket WEIGH_AT how much memory this process uses
 * after garbage collection, in bytes.
 */

import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const path = process.env['WEIGH_AT'];
if (path === undefined || !global.gc) throw new Error('WEIGH_AT and --expose-gc are needed.');
const collect = global.gc;
// Threads load this file, too; they are weighed with their process.
if (isMainThread) {
  // A killed process leaves its socket behind.
  rmSync(path, { force: true });
  createServer((socket) => {
    collect();
    socket.end(String(process.memoryUsage.rss()));
  })
    .listen(path)
    .unref();
}
