/** What the hub does by itself, and what dispatch is told of it. */

import type { Config } from './config.ts';
import { type ClaimTimeoutOptions, startClaimTimeout } from './hub/claim-timeout.ts';
import type { Presence } from './hub/presence.ts';
import { type RepeatMakerOptions, startRepeatMaker } from './hub/repeat-maker.ts';
import { type OnPaused, type Outbound, pausedWords } from './outbound/outbound.ts';

export interface ChoreNews {
  /** An order that repeats was not made. */
  readonly onMissed: RepeatMakerOptions['onMissed'];
  readonly onPaused: OnPaused;
}

export type ChoresOptions = Omit<RepeatMakerOptions, 'onMissed'> &
  Omit<ClaimTimeoutOptions, 'timeoutMs'> & { readonly outbound: Outbound };

/** @returns those that are closed with the app */
export function startChores(
  options: ChoresOptions,
  { claimTimeoutMs: timeoutMs }: Pick<Config, 'claimTimeoutMs'>,
  { onMissed, onPaused }: ChoreNews,
): { close(): void }[] {
  options.outbound.start(onPaused);
  return [
    ...(timeoutMs === undefined ? [] : [startClaimTimeout({ ...options, timeoutMs })]),
    startRepeatMaker({ ...options, onMissed }),
  ];
}

/** Told to dispatch beside the log. */
export function newsOf(presence: Presence): ChoreNews {
  return {
    onMissed({ store, orderID }, what) {
      const words = what === 'missed' ? 'no hub ran in its time' : 'it was refused';
      presence.notice('hub', 'hub', `The repeating order ${orderID} of ${store} was not made: ${words}.`);
    },
    onPaused: (webhook, why) => presence.notice('hub', 'hub', pausedWords(webhook, why)),
  };
}
