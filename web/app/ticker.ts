/** The worker behind timers.ts: it keeps time where a hidden page may not. Loaded as a worker, never imported. */

import type { TimerOrder } from './timers.ts';

const running = new Map<number, ReturnType<typeof setTimeout>>();

addEventListener('message', ({ data }: MessageEvent<TimerOrder>) => {
  const { id } = data;
  if (data.kind === 'stop') {
    // One name space for both kinds of timers is part of the HTML standard.
    clearTimeout(running.get(id));
    running.delete(id);
  } else if (data.kind === 'every') {
    running.set(
      id,
      setInterval(() => postMessage(id), data.ms),
    );
  } else {
    const timer = setTimeout(() => {
      running.delete(id);
      postMessage(id);
    }, data.ms);
    running.set(id, timer);
  }
});
