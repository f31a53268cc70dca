/**
 * For `node --expose-gc --import`: whoever connects to the socket that WEIGH_AT names is told how many bytes of memory
 * this process has once its garbage is gone.
 */

import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const path = process.env['WEIGH_AT'];
if (path === undefined || !global.gc) throw new Error('WEIGH_AT and --expose-gc are needed.');
const collect = global.gc;
// The threads of a process are given this as well, and are weighed with it.
if (isMainThread) {
  // One that was killed left its socket behind.
  rmSync(path, { force: true });
  createServer((socket) => {
    collect();
    socket.end(String(process.memoryUsage.rss()));
  })
    .listen(path)
    .unref();
}
