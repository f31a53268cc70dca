import type { LinkWords } from './link-words.ts';
import type { Moments } from './moments.ts';

/** Shorter interruptions and starts are not shown. */
const quietMs = 400;
const backMs = 3_000;

type Timer = ReturnType<typeof setTimeout>;
export type LinkKind = 'connecting' | 'live' | 'lost' | 'offline' | 'back';

/** The connection badge of the customer's page. */
export class LinkBadge {
  readonly #show: (kind: LinkKind, text: string) => void;
  readonly #words: LinkWords;
  readonly #moments: Moments;
  #heardAt = new Date();
  #wasHeard = false;
  /** Time of the next attempt; undefined during the first one. */
  #retryAt: number | undefined;
  #hush: Timer | undefined;
  /** Runs while an interruption is shown. */
  #countdown: Timer | undefined;
  #back: Timer | undefined;

  constructor(show: (kind: LinkKind, text: string) => void, words: LinkWords, moments: Moments) {
    this.#show = show;
    this.#words = words;
    this.#moments = moments;
  }

  trying(): void {
    this.#hush ??= setTimeout(() => {
      this.#countdown = setInterval(() => this.#showTrouble(), 1_000);
      this.#showTrouble();
    }, quietMs);
  }

  /** @param retryMs delay before the next attempt */
  failed(retryMs: number): void {
    this.#retryAt = Date.now() + retryMs;
    this.trying();
  }

  heard(): void {
    const isBack = this.#countdown !== undefined && this.#wasHeard;
    clearTimeout(this.#hush);
    clearInterval(this.#countdown);
    this.#hush = undefined;
    this.#countdown = undefined;
    this.#heardAt = new Date();
    this.#wasHeard = true;
    if (isBack) {
      this.#show('back', this.#words.say('back'));
      clearTimeout(this.#back);
      this.#back = setTimeout(() => {
        this.#back = undefined;
        if (this.#countdown === undefined) this.#show('live', this.#words.say('live'));
      }, backMs);
    } else if (this.#back === undefined) this.#show('live', this.#words.say('live'));
  }

  #showTrouble(): void {
    const now = new Date();
    const time = this.#moments.text(this.#heardAt, now);
    if (navigator.onLine === false) this.#show('offline', this.#words.say('offline', { time }));
    else if (this.#retryAt === undefined) this.#show('connecting', this.#words.say('connecting'));
    else {
      const seconds = Math.max(1, Math.ceil((this.#retryAt - now.getTime()) / 1_000));
      this.#show('lost', this.#words.say('lost', { time, seconds: this.#moments.number(seconds) }));
    }
  }
}
