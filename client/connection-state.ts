import type { WireError } from '../protocol/errors.ts';

export type ConnectionState =
  /** An attempt is under way. */
  | { readonly kind: 'connecting' }
  /** Connected, and missed records are arriving. */
  | { readonly kind: 'catching-up' }
  | {
      readonly kind: 'live';
      /** Number of records that arrived while catching up; 0 after a fresh start. */
      readonly caughtUp: number;
      /** Round-trip time in milliseconds, once measured. */
      readonly rttMs?: number | undefined;
    }
  /** Waiting for the next attempt. `at`: milliseconds since 1970. */
  | { readonly kind: 'waiting'; readonly at: number; readonly offline: boolean }
  /** The hub refuses this client, and a retry would not help. */
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'closed' };

export function isUp(state: ConnectionState): boolean {
  return state.kind === 'catching-up' || state.kind === 'live';
}
