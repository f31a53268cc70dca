/** The robot of Auto deliver, loaded when it is wanted. */

import { DriverRobot, type Work } from '../../../client/driver-robot.ts';
import { askedProofs } from '../../../protocol/asked-proofs.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import type { Profile } from '../../../protocol/profile.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { HeldParcels } from './held-parcels.ts';
import { provenStep } from './proof-asks.ts';

type ProfileOf = (store: string) => Profile | undefined;

export class AutoRobot extends DriverRobot<KnownParcel> {
  /** Drives the parcels of the page's driver. It waits where the shop requires a proof, which only a person can make. */
  driveAll(held: HeldParcels, profileOf: ProfileOf, work: Omit<Work<KnownParcel>, 'inHand'>): void {
    const mine = Array.from(held).filter(([, { known }]) => held.isMine(known.view));
    const inHand = mine.map(([key, { known, pending }]) => {
      const isPending = pending.length > 0 || needsProof(known.view, profileOf);
      return [key, { view: known.view, isPending }] as const;
    });
    this.drive({ ...work, inHand: new Map(inHand) });
  }
}

function needsProof({ status, payload }: ParcelView, profileOf: ProfileOf): boolean {
  const step = provenStep(status);
  if (step === undefined) return false;
  return Object.values(askedProofs(profileOf(payload.store), step)).includes('required');
}
