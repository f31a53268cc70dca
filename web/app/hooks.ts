import { type FocusEvent, type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { loadWords } from '../words/spoken.ts';
import { isFocusLost } from './focus-recovery.ts';
import type { Readable } from './frame-store.ts';
import { hubClock } from './hub-clock.ts';

/** @returns the latest snapshot of a store */
export function useStore<S>(store: Readable<S>): S {
  return useSelect(store, (snapshot) => snapshot);
}

/**
 * Selects a part of a store's snapshot. The component renders again only when that part changes.
 * @param select returns a primitive or an existing part of the snapshot, never a new object
 */
export function useSelect<S, T>(store: Readable<S>, select: (snapshot: S) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

/** @returns the hub's time in milliseconds since 1970, at most a second old */
export function useNow(): number {
  return useStore(clock);
}

/**
 * Derives a value from the hub's time. The component renders again only when the value changes.
 * @param select takes milliseconds since 1970 and returns a primitive
 */
export function useTime<T extends string | number | boolean>(select: (now: number) => T): T {
  return useSelect(clock, select);
}

/**
 * Opens a resource, such as a connection, for as long as the component is mounted and the key stays the same.
 * @returns undefined in the first render
 */
export function useResource<T extends { close(): void }>(open: () => T, key: string): T | undefined {
  const [opened, setOpened] = useState<T>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key alone decides when to open again
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
 * Loads code on demand. React's `lazy` would delay it by 300 ms.
 * @param load the same function in every render
 * @returns undefined while the code is loading; `missing` if the hub is away or serves another build
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
 * Restores the focus in an element whose buttons come and go: if the focused button disappears, another one gets the
 * focus. Spread the result on the element.
 * @param first selector of the preferred button
 * @param isHere whether the element itself replaces the one that had the focus; this may become true later
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
      // Scroll for keyboard users only: under a finger nothing may move.
      if (next?.matches(':focus-visible')) next.scrollIntoView({ block: 'nearest' });
    }
  });
  return {
    ref,
    onFocus: () => {
      isInside.current = true;
    },
    onBlur: ({ target }) => {
      // A button that was disabled or removed has lost the focus against the user's will.
      isInside.current = target.matches(':disabled') || !target.isConnected;
    },
  };
}

/** One timer for all ages on a page. It runs only while there are listeners. */
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
