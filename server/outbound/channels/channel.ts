/**
 * The port: a way on which a message reaches a customer. A channel keeps nothing and repeats nothing: its caller does.
 */

import type { Message } from '../texts/message.ts';

export type ChannelName = 'mail' | 'push' | 'ntfy' | 'sms';

export interface Channel<To> {
  readonly name: ChannelName;
  /**
   * Sends a message once. It never rejects, and has an answer within 15 s. Nothing of the answer is secret or personal.
   * @param signal ends the attempt: `later`, if it is not known to have been sent
   */
  send(message: Message, to: To, signal: AbortSignal): Promise<Receipt>;
}

/**
 * `sent`: somebody took it over. `gone`: nobody is there, and will not be again. `refused`: it will not be taken, however
 * often it is sent. `later`: it may be, and it may have been, with the same id.
 */
export type Outcome = 'sent' | 'gone' | 'refused' | 'later';

/** Why, as a word for logs, metrics and pages. It names no address and quotes nobody. */
export type ReceiptReason =
  | 'accepted'
  | 'no-address'
  | 'forbidden-address'
  | 'expired'
  | 'rejected'
  | 'too-large'
  | 'too-many'
  | 'credentials'
  | 'unavailable'
  | 'unreachable'
  | 'cut-off'
  | 'timeout'
  | 'stopped'
  | 'faulty';

export interface Receipt {
  readonly outcome: Outcome;
  readonly reason: ReceiptReason;
  /** How long the other side wants to be left alone; up to a day. */
  readonly retryAfterMs?: number;
}

export const attemptMaxMs = 15_000;

export function receipt(outcome: Outcome, reason: ReceiptReason, retryAfterMs?: number): Receipt {
  return retryAfterMs === undefined ? { outcome, reason } : { outcome, reason, retryAfterMs };
}

/**
 * Bounds an attempt.
 * @param prepare makes what is sent: its errors would come again, so they refuse
 * @param run sends it: its errors are the network's
 */
export async function attempt<T>(
  signal: AbortSignal,
  prepare: () => T | Receipt,
  run: (prepared: T, signal: AbortSignal) => Promise<Receipt>,
  maxMs: number = attemptMaxMs,
): Promise<Receipt> {
  if (signal.aborted) return receipt('later', 'stopped');
  let prepared: T | Receipt;
  try {
    prepared = prepare();
  } catch {
    // An error of ours, or of a library that was given what it does not know.
    return receipt('refused', 'faulty');
  }
  if (isReceipt(prepared)) return prepared;
  const ended = new AbortController();
  const ending = new Promise<Receipt>((resolve) => {
    ended.signal.addEventListener('abort', () =>
      resolve(receipt('later', signal.aborted ? 'stopped' : 'timeout')),
    );
  });
  const stop = () => ended.abort();
  const timer = setTimeout(stop, maxMs);
  signal.addEventListener('abort', stop);
  try {
    // Once it has been aborted, whatever `run` says is about the abort.
    return await Promise.race([ending, run(prepared, ended.signal)]);
  } catch {
    // Refused and reset connections, unknown names, bad certificates.
    return receipt('later', 'unreachable');
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    // What still waits for an answer lets go of it.
    stop();
  }
}

function isReceipt(value: unknown): value is Receipt {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}
