/** What a driver's page draws: one snapshot of their shift. */

import type { Plan } from '../../../client/robot.ts';
import { type EventName, isHeld, type Status } from '../../../protocol/events.ts';
import type { ParcelId } from '../../../protocol/messages.ts';
import type { AutoState } from '../../app/auto.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { driver } from '../../words/driver.ts';
import { placeText } from './offers.ts';

/** A word on one parcel, shown in its place. */
export type Word =
  /** A step made by hand that can be taken back: by its record or, before it was sent, by its id. */
  | {
      readonly kind: 'undo';
      readonly text: string;
      readonly by: { rev: number } | { id: string };
      /** It is no news any more, and in nobody's way. */
      readonly isQuiet?: true;
    }
  /** Why it is not here any more. */
  | { readonly kind: 'news'; readonly text: string };

export function isQuiet(word: Word | undefined): boolean {
  return word?.kind === 'undo' && word.isQuiet === true;
}

export interface Offer {
  readonly known: KnownParcel;
  readonly state: 'open' | 'claiming' | 'lost';
  /** Of a lost one: who was first, or what else there was. */
  readonly text?: string | undefined;
}

/** Something done that the hub has not answered yet. */
export interface Pending {
  readonly id: string;
  readonly event: EventName;
  /** When it was done, by the hub's clock in milliseconds since 1970. */
  readonly at: number;
  /** The status shown until the answer is there; undefined where it changes none or that is not known. */
  readonly leadsTo: Status | undefined;
  /** What was said with it: a note's text, or who has the parcel now. */
  readonly text?: string | undefined;
  /** It has not left this device, and can be taken back without a trace. */
  readonly isUnsent: boolean;
}

/** It is neither at the hub nor on this device's disk. */
export function isAtRisk({ isUnsent, isSaved }: InHand['pending'][number]): boolean {
  return isUnsent && !isSaved;
}

/** Where a thing is that was done without network. */
export function savedWords({ isSaved }: InHand['pending'][number], isKeeping: boolean): string {
  const { saved } = driver();
  if (isSaved) return saved.saved;
  return isKeeping ? saved.memory : saved.notSaved;
}

/** One turn of the talk about a parcel. */
export interface Note {
  readonly rev: number;
  readonly text: string;
  readonly at: string;
  /** Undefined where it is this driver's own. */
  readonly from: string | undefined;
}

export interface InHand {
  readonly key: string;
  readonly known: KnownParcel;
  /** With the steps that the hub has not answered yet. */
  readonly status: Status;
  /** In the order in which they were done, and whether each would outlive the page. */
  readonly pending: readonly (Pending & { readonly isSaved: boolean })[];
  readonly notes: readonly Note[];
  readonly word: Word | undefined;
  /** What auto deliver does next. */
  readonly next: Plan | undefined;
}

/** What was done with one parcel and not recorded, to be seen before it is forgotten. */
export interface RefusedParcel extends ParcelId {
  readonly about: string | undefined;
  readonly actions: readonly {
    readonly id: string;
    readonly event: EventName;
    readonly at: number;
    readonly text: string | undefined;
    readonly why: string;
  }[];
}

export interface ShiftState {
  /** The hub has told of all that there is; before, this is what was known last. */
  readonly isKnown: boolean;
  /** What is due first ahead, then by age. */
  readonly offers: readonly Offer[];
  /** Offers beyond those drawn. */
  readonly moreOffers: number;
  /** In the order in which they are to be dealt with, see `byUrgency`. */
  readonly inHand: readonly InHand[];
  readonly held: number;
  /** Of those in hand, with the steps that the hub has not answered yet: still at the shop, or on the road. */
  readonly claimed: number;
  readonly carried: number;
  readonly refused: readonly RefusedParcel[];
  readonly onDuty: boolean;
  readonly auto: AutoState;
  /** What is done without network outlives this page, as far as was tried last. */
  readonly isKeeping: boolean;
  /** How many things that were done would be lost with this page. */
  readonly unsaved: number;
}

/**
 * News comes first, then what can be delivered, what is due first ahead; what failed or goes back sinks below that,
 * and what is done is last. What was just done by hand keeps its place as long as that is offered to be taken back.
 */
export function byUrgency(inHand: readonly InHand[]): InHand[] {
  const placed = inHand.map((item) => ({ item, rank: rankOf(item), place: placeText(item.known) }));
  placed.sort((a, b) => a.rank - b.rank || (a.place < b.place ? -1 : Number(a.place > b.place)));
  return placed.map(({ item }) => item);
}

function rankOf({ status, word }: InHand): number {
  if (word?.kind === 'news') return 0;
  const isFresh = word !== undefined && !isQuiet(word);
  if (isFresh || status === 'claimed' || status === 'in-transit') return 1;
  if (status === 'failed') return 2;
  return isHeld(status) ? 3 : 4;
}
