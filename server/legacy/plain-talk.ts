/**
 * Chat between plain clients: what is no word of ours goes to all of them as it came, as the lab's first hub does
 * ("broadcast the raw data back out to all connected clients"). It is no record of a parcel, nothing keeps it, and
 * nobody hears it who has said who they are; dispatch is told that there was some.
 */

import { escapeUnseen } from '../../protocol/characters.ts';
import { CapsError } from '../../protocol/errors.ts';
import { fitsLimits } from '../../protocol/json.ts';
import type { Clock } from '../clock.ts';
import { Bucket, Rates } from '../edge/rate.ts';
import type { Door } from '../hub/commit.ts';
import type { Presence } from '../hub/presence.ts';
import { mayBeTalk } from './dialects.ts';

/** Of what comes with a saying, as JSON, and of all of it where it comes as one object. */
export const talkBytes = 4 * 1024;
const wholeBytes = talkBytes + 1_024;
/** Of all clients together: each saying goes to all, and a TCP client hears forty messages a second. */
const perSecond = 10;
/** Of those of one address, so that the others can be heard beside them. */
const perSecondOfOne = 5;

/** As it came. */
export interface Said {
  readonly word: string;
  /** What came with it. */
  readonly args: readonly unknown[];
  /** All of it, where it came as one object. */
  readonly whole: object | undefined;
}

/** As it is passed on. */
export interface Saying {
  readonly word: string;
  readonly args: readonly unknown[];
  /** All of it, as JSON. */
  readonly json: string;
}

type Listener = (saying: Saying) => void;

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

  /** @returns how to hear no more */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws CapsError unknown-event, too-large, bad-message, too-fast; what a listener threw, once all have heard */
  say(door: Door, who: string, { word, args, whole }: Said): void {
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

  #tell(saying: Saying): void {
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
