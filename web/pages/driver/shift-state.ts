/** What a driver's page draws: one snapshot of their shift. */

import type { Status } from '../../../protocol/messages.ts';
import type { Known } from '../../parcels.ts';
import type { Plan } from './auto-deliver.ts';

/** A word on one parcel, shown in its place. */
export type Word =
  /** A step made by hand that can be taken back for a moment. */
  | { readonly kind: 'undo'; readonly text: string; readonly rev: number }
  | { readonly kind: 'refused'; readonly text: string }
  /** Why it is not here any more. */
  | { readonly kind: 'news'; readonly text: string };

export interface Offer {
  readonly known: Known;
  readonly state: 'open' | 'claiming' | 'lost';
  /** Of a lost one: who was first, or what else there was. */
  readonly text?: string | undefined;
}

export interface InHand {
  readonly key: string;
  readonly known: Known;
  /** With the steps that the hub has not answered yet. */
  readonly status: Status;
  readonly isPending: boolean;
  readonly word: Word | undefined;
  /** What auto deliver does next. */
  readonly next: Plan | undefined;
}

export interface ShiftState {
  /** Oldest first. */
  readonly offers: readonly Offer[];
  /** Offers beyond those drawn. */
  readonly moreOffers: number;
  /** In the order in which they came into hand. */
  readonly inHand: readonly InHand[];
  readonly held: number;
  readonly onDuty: boolean;
  /** Undefined until it is known whether it starts by itself. */
  readonly auto: boolean | undefined;
}
