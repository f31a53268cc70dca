/**
 * Chat between plain clients: what is no word of ours goes to all of them as it came, as the lab's first hub does
 * ("broadcast the raw data back out to all connected clients"). It is no record of a parcel, nothing keeps it, and
 * nobody hears it who has said who they are; dispatch is told that there was some.
 */

import { CapsError } from '../protocol/errors.ts';
import { fitsLimits } from '../protocol/json.ts';
import type { Clock } from './clock.ts';
import type { Door } from './commit.ts';
import { mayBeTalk } from './dialects.ts';
import type { Presence } from './presence.ts';
import { Bucket } from './rate.ts';

/** Of one saying, as JSON. */
export const talkBytes = 4 * 1024;
/** Of all clients together: each saying goes to all, and a TCP client hears forty messages a second. */
const perSecond = 10;

export interface Saying {
  readonly word: string;
  /** What came with it. */
  readonly args: readonly unknown[];
  /** The object as it came, where it came as one. */
  readonly whole: object | undefined;
}

type Listener = (saying: Saying) => void;

export class PlainTalk {
  readonly #presence: Presence;
  readonly #bucket: Bucket;
  readonly #listeners = new Set<Listener>();

  constructor(presence: Presence, clock: Clock) {
    this.#presence = presence;
    this.#bucket = new Bucket(perSecond, clock);
  }

  /** @returns how to hear no more */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws CapsError unknown-event, too-large, bad-message, too-fast */
  say(door: Door, who: string, saying: Saying): void {
    const { word, args } = saying;
    const name = word.slice(0, 40);
    if (!mayBeTalk(word)) throw new CapsError('unknown-event', `There is no event called "${name}".`);
    fitsLimits(args, talkBytes);
    const refusal = this.#bucket.take();
    if (refusal) throw refusal;
    this.#presence.notice(
      'relayed',
      door,
      `Passed on to all plain clients: "${name}" is no event of a parcel.`,
      {
        who,
      },
    );
    for (const listener of this.#listeners) listener(saying);
  }
}
