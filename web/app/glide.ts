import { type RefObject, useLayoutEffect } from 'react';
import { wasClicked } from './recent-click.ts';

const glideMs = 240;
const isAnchored = CSS.supports('overflow-anchor', 'auto');

/**
 * Who presses what glides meant what stood there a moment ago: the press does nothing, and the next one finds the page at
 * rest. By keyboard one presses what has the focus, wherever that is.
 */
let isMisled = false;
/** Whether what has moved by itself, or made others move, is still on its way. */
const moving = new WeakMap<EventTarget, () => boolean>();
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
  for (let at = target instanceof Element ? target : null; at; at = at.parentElement)
    if (moving.get(at)?.()) return true;
  return false;
}

/**
 * What is drawn anew by itself glides to where it stands now, so that the eye keeps it. What a person does moves it at
 * once. To be called wherever something is drawn that moves what is in the container.
 * @param container whose children are followed; what is in those is theirs
 * @param isOn whether anything in it can move by itself
 */
export function useGlide(container: RefObject<HTMLElement | null>, isOn = true): void {
  // Before paint, and not when sizes are told: by then the browser has counted it as a jump.
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
  /** What moved in any other way is where it is. */
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
    let isMoving: (() => boolean) | undefined;
    for (const [child, top] of this.#tops) {
      const from = before.get(child);
      if (from === undefined) fresh.push(child);
      else if (from - top + kept !== 0 && !isStill) isMoving = glide(child, from - top + kept);
    }
    for (const child of fresh) {
      this.#sizes.observe(child);
      // It stands where another one was.
      if (isMoving) moving.set(child, isMoving);
    }
    for (const child of before.keys()) if (!this.#tops.has(child)) this.#sizes.unobserve(child);
  }

  /** By how much the browser itself moves a page that is scrolled, so that what is read stays where it is. */
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

  /** Where its children are laid out, wherever they are gliding. */
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

/** @returns whether it is still on its way */
function glide(element: HTMLElement, from: number): () => boolean {
  const isMoving = matchMedia('(prefers-reduced-motion: reduce)').matches ? rest() : slide(element, from);
  moving.set(element, isMoving);
  return isMoving;
}

/** It stands there at once, and whoever aims at it needs as long to see that. */
function rest(): () => boolean {
  const end = performance.now() + glideMs;
  return () => performance.now() < end;
}

function slide(element: HTMLElement, from: number): () => boolean {
  // One glide adds to another that is under way.
  const slide = element.animate([{ transform: `translateY(${from}px)` }, { transform: 'translateY(0)' }], {
    duration: glideMs,
    easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
    composite: 'add',
  });
  return () => slide.playState !== 'finished';
}
