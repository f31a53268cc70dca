import { parcelName } from '../../../protocol/ids.ts';

import type { Offer } from './session-state.ts';

/** So long an offer that went away says so in its place; then the place is empty. */
const goneMessageMs = 6_000;
/** Where nothing is left in sight but what went away, other offers come after so long: nobody aims at these any more. */
const restMs = 2_000;
/** Whether somebody still touches the page is looked at as often, where others wait for that. */
const idleLookMs = 1_000;

export interface PlacedOffer {
  readonly key: string;
  readonly offer: Offer;
  /** It is not on offer any more, and keeps its place: others would move from under a thumb. */
  readonly gone: 'said' | 'empty' | undefined;
}

export interface LayoutInput {
  /** In the order in which they are wanted. */
  readonly offers: readonly Offer[];
  /** Of a row that is drawn, by its key. */
  readonly isInSight: (key: string) => boolean;
  /** Somebody has done something that moves the list, or nobody looks. */
  readonly mayMove: boolean;
  /** Nobody has touched the page for a while. */
  readonly isIdle: boolean;
  /** Whether the browser keeps what is in sight where it is when rows above it come and go. */
  readonly isAnchored: boolean;
  /** In milliseconds since whenever. */
  readonly now: number;
}

/**
 * Where the offers are drawn. What is in sight stays where it is: a thumb may be on its way to it. Others come below
 * it, or above where the browser allows for that; what went away leaves its place empty until it is out of sight.
 */
export class OfferLayout {
  #rows: readonly PlacedOffer[] = [];
  readonly #goneAt = new Map<string, number>();
  #changesAt: number | undefined;
  #waiting = 0;

  get rows(): readonly PlacedOffer[] {
    return this.#rows;
  }

  /** When the rows will be others though nothing happens. */
  get changesAt(): number | undefined {
    return this.#changesAt;
  }

  /** How many stand below ones that they are to be ahead of. */
  get overdue(): number {
    return this.#waiting;
  }

  arrange(board: LayoutInput): readonly PlacedOffer[] {
    const byKey = new Map(board.offers.map((offer) => [parcelName(offer.known.view.payload), offer]));
    const wanted = [...byKey.keys()];
    const held = board.mayMove ? [] : this.#heldRows(board.isInSight);
    const left = held.filter(({ key }) => byKey.has(key)).length;
    const isAllGone = left === 0 && this.#hasRested(held, board.now);
    // More holes than offers: whoever does not touch the page is better off with other offers.
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
    // Below the last offer an empty place holds nothing up.
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

  /** From the first to the last row in sight. */
  #heldRows(isInSight: LayoutInput['isInSight']): readonly PlacedOffer[] {
    const isSeen = ({ key }: PlacedOffer) => isInSight(key);
    return this.#rows.slice(Math.max(0, this.#rows.findIndex(isSeen)), this.#rows.findLastIndex(isSeen) + 1);
  }

  /** The keys with those in sight as they are, and all others where they may be. */
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
    // One that was lost has said so already.
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
