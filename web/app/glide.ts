import { type RefObject, useLayoutEffect } from 'react';
import { wasClicked } from './recent-click.ts';

const glideMs = 240;
const isAnchored = CSS.supports('overflow-anchor', 'auto');

/**
 * A press on a gliding element was meant for the element that stood there a moment ago, so it is ignored. Clicks by
 * keyboard (`detail` 0) go to the focused element, wherever that is.
 */
let isMisled = false;
/** The glide of each element that glides, or of one that it made glide. */
const moving = new WeakMap<EventTarget, Animation>();
globalThis.addEventListener?.(
  'pointerdown',
  ({ target }) => {
    isMisled = isGliding(target);
  },
  { capture: true, passive: true },
);
globalThis.addEventListener?.(
  'click',
  (event) => {
    if (!isMisled || event.detail === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);

function isGliding(target: EventTarget | null): boolean {
  for (let at = target instanceof Element ? target : null; at; at = at.parentElement) {
    const animation = moving.get(at);
    if (animation && animation.playState !== 'finished') return true;
  }
  return false;
}

/**
 * Lets the children of a container glide to their new positions, so that the eye can follow them. After a user's action
 * they move at once. Call it in every component whose rendering can move them.
 * @param isOn whether the children can move by themselves
 */
export function useGlide(container: RefObject<HTMLElement | null>, isOn = true): void {
  // A ResizeObserver would be too late: the browser would already have counted a layout shift.
  useLayoutEffect(() => {
    const element = container.current;
    if (element && isOn) containerOf(element).drawn();
  });
}

const containers = new WeakMap<HTMLElement, GlideContainer>();

function containerOf(element: HTMLElement): GlideContainer {
  const it = containers.get(element) ?? new GlideContainer(element);
  containers.set(element, it);
  return it;
}

class GlideContainer {
  readonly #element: HTMLElement;
  /** Updates the positions after any other move, without gliding. */
  readonly #sizes = new ResizeObserver(() => {
    this.#tops = this.#look();
  });
  #tops = new Map<HTMLElement, number>();

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#sizes.observe(element);
  }

  drawn(): void {
    const before = this.#tops;
    this.#tops = this.#look();
    const isStill = wasClicked();
    const kept = isStill ? 0 : this.#keptBy(before);
    const fresh: HTMLElement[] = [];
    let glides: Animation | undefined;
    for (const [child, top] of this.#tops) {
      const from = before.get(child);
      if (from === undefined) fresh.push(child);
      else if (from - top + kept !== 0 && !isStill) glides = glide(child, from - top + kept);
    }
    for (const child of fresh) {
      this.#sizes.observe(child);
      // A new child may stand where another one just was.
      if (glides) moving.set(child, glides);
    }
    for (const child of before.keys()) if (!this.#tops.has(child)) this.#sizes.unobserve(child);
  }

  /** How far the browser's scroll anchoring has moved a scrolled page, so that its content stays in place. */
  #keptBy(before: ReadonlyMap<HTMLElement, number>): number {
    const { top } = this.#element.getBoundingClientRect();
    const isScrolled = isAnchored && (this.#element.scrollTop > 0 || (scrollY > 0 && top < 0));
    if (!isScrolled) return 0;
    const edge = Math.max(0, -top) + this.#element.scrollTop;
    for (const [child, from] of before) {
      const now = this.#tops.get(child);
      if (now !== undefined && from + child.offsetHeight > edge) return now - from;
    }
    return 0;
  }

  /** The layout positions of the children, without the glide. */
  #look(): Map<HTMLElement, number> {
    const element = this.#element;
    const tops = new Map<HTMLElement, number>();
    for (const child of element.children) {
      if (!(child instanceof HTMLElement) || child.offsetParent === null) continue;
      const start = child.offsetParent === element.offsetParent ? element.offsetTop : 0;
      tops.set(child, child.offsetTop - start);
    }
    return tops;
  }
}

function glide(element: HTMLElement, from: number): Animation {
  const animation = matchMedia('(prefers-reduced-motion: reduce)').matches
    ? rest(element)
    : slide(element, from);
  moving.set(element, animation);
  return animation;
}

/** With reduced motion the element moves at once, but presses are ignored for as long: people need time to notice. */
function rest(element: HTMLElement): Animation {
  return element.animate([], { duration: glideMs });
}

function slide(element: HTMLElement, from: number): Animation {
  // Adds to a glide that is still going on.
  return element.animate([{ transform: `translateY(${from}px)` }, { transform: 'translateY(0)' }], {
    duration: glideMs,
    easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
    composite: 'add',
  });
}
