import type { StoredCommand } from '../../../client/outbox.ts';
import type { WireError } from '../../../protocol/errors.ts';
import { statuses } from '../../../protocol/events.ts';
import { parcelName } from '../../../protocol/ids.ts';
import { errorText } from '../../app/hub-answer.ts';
import { statusWord } from '../../app/life-words.ts';
import { driver } from '../../words/driver.ts';
import { proofIn } from './new-proof.ts';
import type { RefusedParcel } from './session-state.ts';
import { actionText } from './steps.ts';

export type Refusal = StoredCommand & { readonly refusal: WireError };

/** The refused actions that the driver has not dismissed. */
export class Refusals {
  readonly #byId = new Map<string, Refusal>();

  add(refusal: Refusal): void {
    this.#byId.set(refusal.command.id, refusal);
  }

  /** Removes and returns a refusal. */
  take(id: string): Refusal | undefined {
    const refusal = this.#byId.get(id);
    this.#byId.delete(id);
    return refusal;
  }

  /** Groups refusals by parcel, in the order of the actions. */
  byParcel(): RefusedParcel[] {
    const byKey = Map.groupBy(this.#byId.values(), ({ command }) => parcelName(command.payload));
    return Array.from(byKey.values(), (refusals) => {
      const [first] = refusals;
      const { store = '', orderID = '' } = first?.command.payload ?? {};
      const actions = refusals.map(({ command, at, after, refusal }) => ({
        id: command.id,
        isPart: after !== undefined && refusals.some((other) => other.command.id === after),
        event: command.event,
        at,
        text: actionText(command),
        why: whyPinFailed(command, refusal) ?? whyRefused(refusal),
      }));
      return { store, orderID, about: first?.about, actions };
    });
  }
}

/** The hub's code says no more than that it may not be done. */
function whyPinFailed(command: StoredCommand['command'], { code, details }: WireError): string | undefined {
  if (code !== 'not-allowed' || proofIn(command)?.kind !== 'pin') return undefined;
  const { pinWasWrong, pinsUsedUp } = driver().proof;
  return details?.['pin'] === 'wrong' ? pinWasWrong : pinsUsedUp;
}

/** @returns the reason in the driver's words */
export function whyRefused(error: WireError): string {
  const { code, details } = error;
  const { offers, refused } = driver();
  const by = details?.['by'];
  if (code === 'taken' && typeof by === 'string') return offers.takenBy(by);
  if (code === 'stale-claim') return refused.notYours;
  if (code !== 'wrong-status') return errorText(error);
  const status = statuses.find((one) => one === details?.['status']);
  return status === undefined ? refused.tooLate : refused.settled(statusWord(status));
}
