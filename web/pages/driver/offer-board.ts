import { type RefObject, useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import { wasClicked, wasUntouched } from '../../app/recent-click.ts';
import { OfferLayout, type PlacedOffer } from './offer-layout.ts';
import type { SessionState } from './session-state.ts';

/** Rows this close to the window's edge count as visible. */
const nearPx = 48;
const isAnchored = CSS.supports('overflow-anchor', 'auto');

export interface OfferRows {
  readonly rows: readonly PlacedOffer[];
  /** Key of the current job, which is drawn biggest. */
  readonly job: string | undefined;
  /** Number of offers below less urgent ones. */
  readonly waiting: number;
  /** The ref for the list. */
  readonly list: RefObject<HTMLUListElement | null>;
  /** Sorts all rows. */
  settle(): void;
}

/** @param hasJob a held parcel is the job, so no offer is */
export function useOfferRows({ offers, held, onDuty }: SessionState, hasJob: boolean): OfferRows {
  const list = useRef<HTMLUListElement>(null);
  const drawn = useRef<OfferBoard>(undefined);
  drawn.current ??= new OfferBoard();
  const { layout } = drawn.current;
  const isInSight = useVisibility(list, layout.rows);
  const [, look] = useReducer((times: number) => times + 1, 0);
  const heldText = held.map(({ key, status }) => `${key} ${status}`).join();
  drawn.current.draw({ offers, isInSight, heldText, isShown: onDuty, hasJob });
  const { changesAt } = layout;
  useEffect(() => {
    if (changesAt === undefined) return;
    const timer = setTimeout(look, Math.max(0, changesAt - performance.now()) + 1);
    return () => clearTimeout(timer);
  }, [changesAt]);
  return {
    rows: layout.rows,
    job: drawn.current.job,
    waiting: layout.overdue,
    list,
    settle: () => {
      drawn.current?.settle();
      look();
    },
  };
}

interface BoardInput {
  readonly offers: SessionState['offers'];
  readonly isInSight: (key: string) => boolean;
  /** Changes with what is in hand. */
  readonly heldText: string;
  readonly isShown: boolean;
  readonly hasJob: boolean;
}

/** The state between renders. Rendering twice changes nothing. */
class OfferBoard {
  readonly layout = new OfferLayout();
  job: string | undefined;
  #heldText = '';
  #settles = false;

  settle(): void {
    this.#settles = true;
  }

  draw({ offers, isInSight, heldText, isShown, hasJob }: BoardInput): void {
    // After a step by hand, rows move anyway.
    const isOwn = heldText !== this.#heldText && wasClicked();
    const mayMove = !isShown || document.hidden || isOwn || this.#settles;
    this.#heldText = heldText;
    this.#settles = false;
    const isNew = this.layout.rows.length === 0;
    const now = performance.now();
    const isIdle = wasUntouched();
    const rows = this.layout.arrange({ offers, isInSight, mayMove, isIdle, isAnchored, now });
    // The job must not change by itself while its row is drawn.
    if (!mayMove && rows.some(({ key }) => key === this.job)) return;
    if (hasJob) this.job = undefined;
    else {
      const first = rows.find(({ offer, gone }) => gone === undefined && offer.state !== 'lost')?.key;
      this.job = first !== undefined && (mayMove || isNew || !isInSight(first)) ? first : undefined;
    }
  }
}

/** Tracks which rows are visible. New rows count as visible until the browser reports otherwise. */
function useVisibility(
  list: RefObject<HTMLUListElement | null>,
  rows: readonly PlacedOffer[],
): (key: string) => boolean {
  const sight = useRef<VisibilityTracker>(undefined);
  sight.current ??= new VisibilityTracker();
  const { isInSight } = sight.current;
  useLayoutEffect(() => {
    sight.current?.look(list.current, rows);
  });
  useEffect(() => () => sight.current?.end(), []);
  return isInSight;
}

class VisibilityTracker {
  readonly #out = new Set<string>();
  readonly #keys = new WeakMap<Element, string>();
  #observer: IntersectionObserver | undefined;

  readonly isInSight = (key: string): boolean => !this.#out.has(key);

  look(list: HTMLUListElement | null, rows: readonly PlacedOffer[]): void {
    this.#observer ??= new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: `${nearPx}px 0px`,
    });
    const drawn = new Set(rows.map(({ key }) => key));
    for (const key of this.#out) if (!drawn.has(key)) this.#out.delete(key);
    rows.forEach(({ key }, place) => {
      const row = list?.children[place];
      if (!row || this.#keys.get(row) === key) return;
      this.#keys.set(row, key);
      this.#observer?.observe(row);
    });
  }

  end(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const key = this.#keys.get(target);
      // Ignore removed rows.
      if (key === undefined || !target.isConnected) continue;
      if (isIntersecting) this.#out.delete(key);
      else this.#out.add(key);
    }
  }
}
