/** What a customer is told of a parcel, before it has words: facts, codes and moments. */

import type { failReasons, outcomes } from '../../../protocol/events.ts';
import type { TimeWindow } from '../../../protocol/time-window.ts';
import type { Language } from '../../../web/words/language.ts';
import type { Template } from './template.ts';

/** In the order in which a parcel usually causes them. */
export const messageKinds = ['announced', 'collected', 'next', 'late', 'failed', 'delivered'] as const;
export type MessageKind = (typeof messageKinds)[number];

export interface Message {
  /** The same at each retry, so that whoever gets it twice can tell. */
  readonly id: string;
  readonly kind: MessageKind;
  readonly language: Language;
  readonly shop: MessageShop;
  readonly customer: string;
  /** The order's id as people say it. */
  readonly order: string;
  /** Names the parcel among all of the hub: a later message of the same parcel may replace an earlier one. */
  readonly parcel: string;
  readonly window?: TimeWindow | undefined;
  /** How long the shop's orders usually take. */
  readonly usualMinutes?: number | undefined;
  /** Address of the customer's page. */
  readonly link?: string | undefined;
  /** Why it could not be delivered. */
  readonly reason?: MessageReason | undefined;
  /** When it is tried again, an empty window if that is not known; `back` if it is not. */
  readonly nextTry?: TimeWindow | 'back' | undefined;
  readonly outcome?: MessageOutcome | undefined;
  /** Address at which the proof of the delivery can be seen. */
  readonly proof?: string | undefined;
  /** The shop's own words in place of the hub's. */
  readonly template?: Template | undefined;
}

export interface MessageShop {
  readonly name: string;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  /** IANA zone of the moments in texts; UTC, and said so, if unknown. */
  readonly timeZone?: string | undefined;
}

export interface MessageReason {
  readonly code: (typeof failReasons)[number];
  /** The driver's own words; they are said where the code says nothing. */
  readonly text?: string | undefined;
}

export interface MessageOutcome {
  readonly how?: (typeof outcomes)[number] | undefined;
  readonly receivedBy?: string | undefined;
}
