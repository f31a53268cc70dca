import { parcelName } from '../../../protocol/ids.ts';

import type { Offer } from './session-state.ts';

/** How long a gone offer says so; then its place is empty. */
const goneMessageMs = 6_000;
/** If all visible offers are gone, others appear after this time: nobody aims at these any more. */
const restMs = 2_000;
/** How often to check whether the page is idle. */
const idleLookMs = 1_000;

export interface PlacedOffer {
  readonly key: string;
  readonly offer: Offer;
  /** The offer is gone but keeps its place, so that no other moves under a thumb. `said`: it says so. */
  readonly gone: 'said' | 'empty' | undefined;
}

export interface LayoutInput {
  /** In the wanted order. */
  readonly offers: readonly Offer[];
  /** Whether a drawn row is visible. */
  readonly isInSight: (key: string) => boolean;
  /** The user has acted, or the list is hidden: rows may move. */
  readonly mayMove: boolean;
  /** The user has been idle for a while. */
  readonly isIdle: boolean;
  /** Whether the browser has scroll anchoring. */
  readonly isAnchored: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly now: number;
}

/**
 * The layout of the offers. Visible rows keep their positions, because a thumb may be on its way to one. New offers go
 * below them, or above if the browser has scroll anchoring. A gone offer leaves its place empty until it is out of sight.
 */
export class OfferLayout {
  #rows: readonly PlacedOffer[] = [];
  readonly #goneAt = new Map<string, number>();
  #changesAt: number | undefined;
  #waiting = 0;

  get rows(): readonly PlacedOffer[] {
    return this.#rows;
  }

  /** When the rows change next without any event. */
  get changesAt(): number | undefined {
    return this.#changesAt;
  }

  /** Number of offers below less urgent ones. */
  get overdue(): number {
    return this.#waiting;
  }

  arrange(board: LayoutInput): readonly PlacedOffer[] {
    const byKey = new Map(board.offers.map((offer) => [parcelName(offer.known.view.payload), offer]));
    const wanted = [...byKey.keys()];
    const held = board.mayMove ? [] : this.#heldRows(board.isInSight);
    const left = held.filter(({ key }) => byKey.has(key)).length;
    const isAllGone = left === 0 && this.#hasRested(held, board.now);
    // If most places are empty, an idle driver is better off with other offers.
    const isThin = left * 2 < held.length && this.#emptyIn(held, board.now) * 2 > held.length;
    const isOver = held.length > 0 && (isAllGone || (isThin && board.isIdle));
    this.#waiting = 0;
    const keys = held.length === 0 || isOver ? wanted : this.#around(held, wanted, board.isAnchored);
    const before = new Map(this.#rows.map((row) => [row.key, row]));
    const rows: PlacedOffer[] = [];
    for (const key of keys) {
      const offer = byKey.get(key);
      const old = before.get(key);
      if (offer) rows.push({ key, offer, gone: undefined });
      else if (old) rows.push(this.#gone(old, board.now));
    }
    // An empty place below the last offer is useless.
    while (rows.at(-1)?.gone === 'empty') rows.pop();
    this.#rows = rows;
    this.#forget(board.now);
    if (isThin && !isOver) this.#changesAt = Math.min(this.#changesAt ?? Infinity, board.now + idleLookMs);
    return rows;
  }

  #emptyIn(rows: readonly PlacedOffer[], now: number): number {
    const isEmpty = ({ key, gone }: PlacedOffer) =>
      gone === 'empty' || now - (this.#goneAt.get(key) ?? now) >= goneMessageMs;
    return rows.filter(isEmpty).length;
  }

  /** The rows from the first to the last visible one. */
  #heldRows(isInSight: LayoutInput['isInSight']): readonly PlacedOffer[] {
    const isSeen = ({ key }: PlacedOffer) => isInSight(key);
    return this.#rows.slice(Math.max(0, this.#rows.findIndex(isSeen)), this.#rows.findLastIndex(isSeen) + 1);
  }

  /** Orders the keys: visible ones stay, others go where they may. */
  #around(held: readonly PlacedOffer[], wanted: readonly string[], isAnchored: boolean): string[] {
    const heldKeys = held.map(({ key }) => key);
    const above = this.#rows.slice(
      0,
      this.#rows.findIndex(({ key }) => key === heldKeys[0]),
    );
    const aboveKeys = above.map(({ key }) => key);
    const isFree = above.length > 0 && isAnchored;
    const stays = new Set(isFree ? heldKeys : [...aboveKeys, ...heldKeys]);
    const firstPlace = wanted.findIndex((key) => heldKeys.includes(key));
    const lastPlace = wanted.findLastIndex((key) => heldKeys.includes(key));
    const [ahead, below]: [string[], string[]] = [[], []];
    wanted.forEach((key, place) => {
      if (stays.has(key)) return;
      const isAhead = isFree && place < firstPlace;
      (isAhead ? ahead : below).push(key);
      if (!isAhead && place < lastPlace) this.#waiting += 1;
    });
    return [...(isFree ? ahead : aboveKeys), ...heldKeys, ...below];
  }

  #gone(row: PlacedOffer, now: number): PlacedOffer {
    const at = this.#goneAt.get(row.key) ?? now;
    this.#goneAt.set(row.key, at);
    // A lost offer has said so already.
    const isSaid = row.offer.state === 'lost' || now - at >= goneMessageMs;
    return { ...row, gone: isSaid ? 'empty' : 'said' };
  }

  #hasRested(held: readonly PlacedOffer[], now: number): boolean {
    return held.every(({ key, offer }) => {
      const at = this.#goneAt.get(key);
      return offer.state === 'lost' || (at !== undefined && now - at >= restMs);
    });
  }

  #forget(now: number): void {
    const gone = new Set(this.#rows.filter(({ gone }) => gone !== undefined).map(({ key }) => key));
    for (const key of this.#goneAt.keys()) if (!gone.has(key)) this.#goneAt.delete(key);
    const moments = Array.from(this.#goneAt.values()).flatMap((at) => [at + restMs, at + goneMessageMs]);
    const next = Math.min(...moments.filter((moment) => moment > now));
    this.#changesAt = Number.isFinite(next) ? next : undefined;
  }
}
