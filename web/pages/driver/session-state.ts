/** What a driver's page draws: one snapshot of their session. */

import type { Plan } from '../../../client/driver-robot.ts';
import type { AskedProofs } from '../../../protocol/asked-proofs.ts';
import { type EventName, isHeld, type Status } from '../../../protocol/events.ts';
import type { ParcelId, Unseen } from '../../../protocol/orders.ts';
import type { Profile } from '../../../protocol/profile.ts';
import type { AutoState } from '../../app/auto.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { driver } from '../../words/driver.ts';
import type { ImagesState } from './image-sender.ts';
import type { NewProof } from './new-proof.ts';
import type { ProofDraft } from './proof-asks.ts';

/** A toast on one parcel, shown in its place. */
export type Toast =
  /** A step made by hand that can be taken back: by its record or, before it was sent, by its id. */
  | {
      readonly kind: 'undo';
      readonly text: string;
      readonly by: { rev: number } | { id: string };
      /** The step. */
      readonly of?: EventName;
      /** It is no news any more, and in nobody's way. */
      readonly isQuiet?: true;
    }
  /** Why it is not here any more. */
  | { readonly kind: 'news'; readonly text: string };

export function isQuiet(toast: Toast | undefined): boolean {
  return toast?.kind === 'undo' && toast.isQuiet === true;
}

/** Whether the parcel is with somebody else now: its row says so until OK, and offers nothing else. */
export function isGone({ toast }: Pick<HeldRow, 'toast'>): boolean {
  return toast?.kind === 'news';
}

/** Whether it is a stop: in hand, and nobody else's. */
export function canOpen(row: HeldRow): boolean {
  return isHeld(row.status) && !isGone(row);
}

export interface Offer {
  readonly known: KnownParcel;
  readonly state: 'open' | 'claiming' | 'lost';
  /** Of a lost one: who was first, or what else there was. */
  readonly text?: string | undefined;
}

/** Something done that the hub has not answered yet. */
export interface PendingCommand {
  readonly id: string;
  readonly event: EventName;
  /** When it was done, by the hub's clock in milliseconds since 1970. */
  readonly at: number;
  /** The status shown until the answer is there; undefined where it changes none or that is not known. */
  readonly leadsTo: Status | undefined;
  /** What was said with it: a note's text, or who has the parcel now. */
  readonly text?: string | undefined;
  /** Of `seen`: up to which record the driver has seen the changes of the order. */
  readonly seenRev?: number | undefined;
  /** Of a proof: the step that it proves, and what it is. */
  readonly after?: string | undefined;
  readonly proof?: NewProof | undefined;
  /** It has not left this device, and can be taken back without a trace. */
  readonly isUnsent: boolean;
}

/** It is neither at the hub nor on this device's disk. */
export function isAtRisk({ isUnsent, isSaved }: HeldRow['pending'][number]): boolean {
  return isUnsent && !isSaved;
}

/** Where a thing is that was done without network. */
export function savedWords({ isSaved }: HeldRow['pending'][number], isKeeping: boolean): string {
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
  /** Dispatch has to see it, and has. */
  readonly isUrgent?: boolean;
  readonly isSeen?: boolean;
}

export interface HeldRow {
  readonly key: string;
  readonly known: KnownParcel;
  /** With the steps that the hub has not answered yet. */
  readonly status: Status;
  /** In the order in which they were done, and whether each would outlive the page. */
  readonly pending: readonly (PendingCommand & { readonly isSaved: boolean })[];
  readonly notes: readonly Note[];
  readonly toast: Toast | undefined;
  /** Changes of the order that the driver has not confirmed, not even offline. */
  readonly unseen: Unseen | undefined;
  /** The shop where it is to be collected. */
  readonly collectAt: string | undefined;
  /** How its shop is reached, if that is known. */
  readonly shop: Profile | undefined;
  /** What the shop asks for at its next step, and what of it was made. */
  readonly asked: AskedProofs;
  readonly draft: ProofDraft;
  /** The one stop that is shown whole. */
  readonly isOpen: boolean;
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
    /** A proof of another one of these, which says it all. */
    readonly isPart: boolean;
  }[];
}

/** What was done in a shift: numbers of parcels. */
export interface ShiftSummary {
  /** When it began, in milliseconds since 1970. */
  readonly since: number;
  readonly delivered: number;
  readonly failed: number;
  readonly returned: number;
}

export interface SessionState {
  /** The hub has told of all that there is; before, this is what was known last. */
  readonly isKnown: boolean;
  /** What is due first ahead, then by age. */
  readonly offers: readonly Offer[];
  /** Offers that nobody needs to take yet. */
  readonly laterOffers: readonly KnownParcel[];
  /** Offers beyond those drawn. */
  readonly moreOffers: number;
  /** In the order in which they are to be dealt with, see `heldRows`. */
  readonly held: readonly HeldRow[];
  readonly heldCount: number;
  /** Of those in hand, with the steps that the hub has not answered yet: still at the shop, or on the road. */
  readonly claimed: number;
  readonly carried: number;
  readonly refused: readonly RefusedParcel[];
  readonly onDuty: boolean;
  /** What was done since the driver went on duty. */
  readonly shift: ShiftSummary;
  readonly auto: AutoState;
  /** What is done without network outlives this page, as far as was tried last. */
  readonly isKeeping: boolean;
  /** Photos and signatures on their way to the hub. */
  readonly images: ImagesState;
  /** How many things that were done would be lost with this page. */
  readonly unsaved: number;
}
