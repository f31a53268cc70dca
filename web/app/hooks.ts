import { type FocusEvent, type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { loadWords } from '../words/spoken.ts';
import { isFocusLost } from './focus-recovery.ts';
import type { Readable } from './frame-store.ts';
import { hubClock } from './hub-clock.ts';

/** The latest snapshot of a store. */
export function useStore<S>(store: Readable<S>): S {
  return useSelect(store, (snapshot) => snapshot);
}

/**
 * A part of a store's snapshot; the component is drawn anew only when that part is another.
 * @param select gives a primitive or a part of the snapshot as it is, never a new object
 */
export function useSelect<S, T>(store: Readable<S>, select: (snapshot: S) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

/** The hub's time in milliseconds since 1970, a second at most behind. */
export function useNow(): number {
  return useStore(clock);
}

/**
 * What the time comes to; the component is drawn anew only when that changes.
 * @param select is given milliseconds since 1970, and gives a primitive
 */
export function useTime<T extends string | number | boolean>(select: (now: number) => T): T {
  return useSelect(clock, select);
}

/**
 * Something that lives as long as the component and the key do: a connection, or what a page makes of one.
 * Undefined in the first moment.
 */
export function useResource<T extends { close(): void }>(open: () => T, key: string): T | undefined {
  const [opened, setOpened] = useState<T>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when to open anew, the function does not
  useEffect(() => {
    const current = open();
    setOpened(current);
    return () => {
      setOpened(undefined);
      current.close();
    };
  }, [key]);
  return opened;
}

/**
 * Code that is loaded when it is needed; most visits to a page do without. Not `lazy`: React holds what it suspended
 * back for 300 ms.
 * @param load the same function at every drawing
 * @returns undefined while it is on its way, `missing` where the hub is away or serves another build by now
 */
export function useLoaded<T extends object>(load: () => Promise<T>): T | 'missing' | undefined {
  const [loaded, setLoaded] = useState<T | 'missing'>();
  useEffect(() => {
    let isStale = false;
    const ready = load().then(async (code) => {
      await loadWords();
      return code;
    });
    ready.then(
      (code) => !isStale && setLoaded(code),
      () => !isStale && setLoaded('missing'),
    );
    return () => {
      isStale = true;
    };
  }, [load]);
  return loaded;
}

interface FocusProps<E extends HTMLElement> {
  ref: RefObject<E | null>;
  onFocus: () => void;
  onBlur: (event: FocusEvent<E>) => void;
}

/**
 * Keeps the keyboard's place in an element whose buttons come and go: when the one that had the focus is gone,
 * another one gets it. To be spread on the element.
 * @param first a selector of the button that is wanted most, if it is there
 * @param isHere whether the element itself came in the place of what had the focus; that may turn out later
 */
export function useRestoredFocus<E extends HTMLElement>(first = 'button', isHere = false): FocusProps<E> {
  const ref = useRef<E>(null);
  const isInside = useRef(false);
  const wasHere = useRef(false);
  useEffect(() => {
    const element = ref.current;
    const turnsOut = isHere && !wasHere.current;
    wasHere.current = isHere;
    if (!isFocusLost()) {
      isInside.current = element?.contains(document.activeElement) === true;
    } else if (isInside.current || turnsOut) {
      const next = element?.querySelector<HTMLElement>(first) ?? element?.querySelector('button');
      next?.focus({ preventScroll: true });
      // Who presses keys follows the focus; under a finger nothing moves.
      if (next?.matches(':focus-visible')) next.scrollIntoView({ block: 'nearest' });
    }
  });
  return {
    ref,
    onFocus: () => {
      isInside.current = true;
    },
    onBlur: ({ target }) => {
      // What was disabled or taken away under the focus did not give it up.
      isInside.current = target.matches(':disabled') || !target.isConnected;
    },
  };
}

/** One timer for all the ages on a page, and none while there are none. */
class Clock implements Readable<number> {
  readonly #listeners = new Set<() => void>();
  #now = hubClock.now();
  #timer: ReturnType<typeof setInterval> | undefined;

  get(): number {
    return this.#now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#now = hubClock.now();
      this.#timer = setInterval(this.tick, 1_000);
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  };

  readonly tick = (): void => {
    this.#now = hubClock.now();
    for (const listener of this.#listeners) listener();
  };
}

const clock = new Clock();
hubClock.onJump(clock.tick);
