import type { Status } from '../../../protocol/events.ts';

/** Bounds what is remembered: more stops than this nobody has put first, or last. */
const chosenMax = 100;

/** As the page saves it. */
export interface SavedStops {
  readonly first: readonly string[];
  /** Older pages have saved none. */
  readonly last?: readonly string[];
  readonly open?: OpenStop | undefined;
}

/** The stop that the driver opened. Once it has failed, it is open no more: its step was taken. */
interface OpenStop {
  readonly key: string;
  readonly status: Status;
}

/** What the driver decided about the order of the stops: which come first, which last, and which one is open. */
export class Stops {
  readonly #changed: () => void;
  #first: readonly string[] = [];
  #last: readonly string[] = [];
  #open: OpenStop | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get opened(): OpenStop | undefined {
    return this.#open;
  }

  /** What the driver put first counts up from -100, what they put last from 1; all others are 0. */
  placeOf(key: string): number {
    const place = this.#first.indexOf(key);
    return place < 0 ? this.#last.indexOf(key) + 1 : place - chosenMax;
  }

  open(key: string, status: Status): void {
    this.#open = { key, status };
    this.#changed();
  }

  /** Its step was taken, so this stop is open no more, unless it is the first. */
  leave(key: string): void {
    if (this.#open?.key !== key) return;
    this.#open = undefined;
    this.#changed();
  }

  /** Puts a stop before all others, and opens it. */
  putFirst(key: string, status: Status): void {
    this.#take(key);
    this.#first = [key, ...this.#first].slice(0, chosenMax);
    this.open(key, status);
  }

  /** Puts a stop behind all others, also behind those that come later. The first one opens. */
  putLast(key: string): void {
    this.#take(key);
    this.#last = [...this.#last, key].slice(-chosenMax);
    this.#open = undefined;
    this.#changed();
  }

  /** @param isHeld forgets the stops that are not held any more */
  saved(isHeld: (key: string) => boolean): SavedStops {
    return {
      first: this.#first.filter(isHeld),
      last: this.#last.filter(isHeld),
      open: this.#open && isHeld(this.#open.key) ? this.#open : undefined,
    };
  }

  restore({ first, last, open }: SavedStops): void {
    this.#first = first;
    this.#last = last ?? [];
    this.#open = open;
  }

  /** Forgets where the driver had put it. */
  #take(key: string): void {
    this.#first = this.#first.filter((other) => other !== key);
    this.#last = this.#last.filter((other) => other !== key);
  }
}
