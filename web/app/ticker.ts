/** The worker behind timers.ts: its timers run on time in hidden pages too. Never import it. */

import type { TimerOrder } from './timers.ts';

const running = new Map<number, ReturnType<typeof setTimeout>>();

addEventListener('message', ({ data }: MessageEvent<TimerOrder>) => {
  const { id } = data;
  if (data.kind === 'stop') {
    // clearTimeout stops intervals too, by the HTML standard.
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
