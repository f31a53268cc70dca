/**
 * Chat between plain clients. Unknown words go to all of them as they came, as the lab's first hub does ("broadcast
 * the raw data back out to all connected clients"). Chat is not recorded, protocol clients do not hear it, and
 * dispatch is told that there was some.
 */

import { escapeUnseen } from '../../protocol/characters.ts';
import { CapsError } from '../../protocol/errors.ts';
import { fitsLimits } from '../../protocol/json.ts';
import type { Clock } from '../clock.ts';
import { Bucket, Rates } from '../edge/rate.ts';
import type { Door } from '../hub/commit.ts';
import type { Presence } from '../hub/presence.ts';
import { mayBeTalk } from './dialects.ts';

/** Size limit of a word's arguments as JSON, and of the whole object if it came as one. */
export const talkBytes = 4 * 1024;
const wholeBytes = talkBytes + 1_024;
/** Words per second from all clients: each goes to all, and a TCP client reads forty messages a second. */
const perSecond = 10;
/** Words per second from one address, so that others can be heard. */
const perSecondOfOne = 5;

/** A word as it came. */
export interface PlainWord {
  readonly word: string;
  readonly args: readonly unknown[];
  /** The whole object, if it came as one. */
  readonly whole: object | undefined;
}

/** A word as it is relayed. */
export interface RelayedWord {
  readonly word: string;
  readonly args: readonly unknown[];
  /** The whole object as JSON. */
  readonly json: string;
}

type Listener = (saying: RelayedWord) => void;

export class PlainTalk {
  readonly #presence: Presence;
  readonly #bucket: Bucket;
  readonly #rates: Rates;
  readonly #listeners = new Set<Listener>();

  constructor(presence: Presence, clock: Clock) {
    this.#presence = presence;
    this.#bucket = new Bucket(perSecond, clock);
    this.#rates = new Rates(perSecondOfOne, clock);
  }

  /** @returns unsubscribe */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws CapsError unknown-event, too-large, bad-message, too-fast; a listener's error, once all have heard */
  say(door: Door, who: string, { word, args, whole }: PlainWord): void {
    const name = escapeUnseen(word.slice(0, 40));
    if (!mayBeTalk(word)) throw new CapsError('unknown-event', `There is no event called "${name}".`);
    fitsLimits(args, talkBytes);
    if (whole) fitsLimits(whole, wholeBytes);
    this.#rates.admit(who, '');
    const refusal = this.#bucket.take();
    if (refusal) throw refusal;
    this.#presence.notice(
      'relayed',
      door,
      `Passed on to all plain clients: "${name}" is no event of a parcel.`,
      { who },
    );
    this.#tell({ word, args, json: JSON.stringify(whole ?? { event: word, payload: args[0] }) });
  }

  #tell(saying: RelayedWord): void {
    const failures: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(saying);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
