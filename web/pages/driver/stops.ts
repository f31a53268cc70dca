import type { Status } from '../../../protocol/events.ts';

/** Bounds what is remembered: more stops than this nobody has put first. */
const firstMax = 100;

/** As the page saves it. */
export interface SavedStops {
  readonly first: readonly string[];
  readonly open?: OpenStop | undefined;
}

/** The stop that the driver opened. Once it has failed, it is open no more: its step was taken. */
interface OpenStop {
  readonly key: string;
  readonly status: Status;
}

/** What the driver decided about the order of the stops: which come first, and which one is open. */
export class Stops {
  readonly #changed: () => void;
  #first: readonly string[] = [];
  #open: OpenStop | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get opened(): OpenStop | undefined {
    return this.#open;
  }

  /** Position among the stops that the driver put first; `Infinity` for all others. */
  placeOf(key: string): number {
    const place = this.#first.indexOf(key);
    return place < 0 ? Number.POSITIVE_INFINITY : place;
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
    this.#first = [key, ...this.#first.filter((other) => other !== key)].slice(0, firstMax);
    this.open(key, status);
  }

  /** @param isHeld forgets the stops that are not held any more */
  saved(isHeld: (key: string) => boolean): SavedStops {
    return {
      first: this.#first.filter(isHeld),
      open: this.#open && isHeld(this.#open.key) ? this.#open : undefined,
    };
  }

  restore({ first, open }: SavedStops): void {
    this.#first = first;
    this.#open = open;
  }
}
