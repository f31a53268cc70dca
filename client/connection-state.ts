import type { WireError } from '../protocol/errors.ts';

export type ConnectionState =
  /** The first attempt, or one after a break. */
  | { readonly kind: 'connecting' }
  /** Connected, and what was missed is coming in. */
  | { readonly kind: 'catching-up' }
  | {
      readonly kind: 'live';
      /** Records that came in between connecting and now being up to date; 0 on a fresh start. */
      readonly caughtUp: number;
      /** Round trip to the hub and back in milliseconds, once it is known. */
      readonly rttMs?: number | undefined;
    }
  /** Waiting for the next attempt. `at`: milliseconds since 1970. */
  | { readonly kind: 'waiting'; readonly at: number; readonly offline: boolean }
  /** The hub does not want this client; trying again would not help. */
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'closed' };

export function isUp(state: ConnectionState): boolean {
  return state.kind === 'catching-up' || state.kind === 'live';
}
