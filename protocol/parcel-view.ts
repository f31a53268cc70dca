/** What of a parcel goes over the wire, and to whom. */

import type { ParcelView } from './messages.ts';
import type { Actor, Parcel } from './parcel.ts';
import type { Proven } from './proof.ts';

const dispatch: Actor = { role: 'admin' };

/** The parcel as this actor sees it; whole by default. */
export function viewOf(parcel: Parcel, reader: Actor = dispatch): ParcelView {
  const { payload, status, rev, attempts, holder, createdAt, changedAt, unseen, urgent } = parcel;
  const proofs = parcel.proofs && proofsFor(parcel.proofs, parcel, reader);
  return {
    ...{ payload, status, rev, attempts, ...(holder ? { holder } : {}), createdAt, changedAt },
    ...(unseen ? { unseen } : {}),
    // What a driver writes to dispatch is not for the customer.
    ...(urgent && reader.role !== 'customer' ? { urgent } : {}),
    ...(proofs ? { proofs } : {}),
  };
}

/** Drivers who have had the parcel see its proofs, and its customer sees the photos. */
function proofsFor(proofs: readonly Proven[], parcel: Parcel, reader: Actor): Proven[] | undefined {
  if (reader.role === 'driver' && !parcel.drivers.includes(reader.driver)) return undefined;
  const seen = reader.role === 'customer' ? proofs.filter(({ kind }) => kind === 'photo') : [...proofs];
  return seen.length > 0 ? seen : undefined;
}
