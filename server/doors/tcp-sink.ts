import type { Actor } from '../../protocol/parcel.ts';
import type { Sink } from '../feed.ts';
import type { PacedLines } from '../paced-lines.ts';
import { adminsRoom, type Presence } from '../presence.ts';
import { lineOf, plainLines } from './tcp-messages.ts';

interface SinkOptions extends Pick<Sink, 'join' | 'leave' | 'fail'> {
  readonly lines: PacedLines;
  readonly presence: Presence;
  /** Undefined for a plain client, which is told records alone. */
  readonly actor: Actor | undefined;
}

/** A subscription's way out over one connection. */
export function sinkOf({ lines, presence, actor, join, leave, fail }: SinkOptions): Sink {
  return {
    send(message, json) {
      if (actor) lines.write(lineOf(message, json));
      else if (message === 'events') for (const line of plainLines(json)) lines.write(line);
      if (message !== 'welcome' || actor?.role !== 'admin') return;
      lines.write(lineOf('presence', JSON.stringify(presence.all())));
      join(adminsRoom);
    },
    join,
    leave,
    get queued() {
      return lines.queued;
    },
    get queuedSize() {
      return lines.queuedSize;
    },
    drained: () => lines.drained(),
    fail,
  };
}
