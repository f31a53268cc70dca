import { useState } from 'react';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { nextFrame } from '../../app/frame-store.ts';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { proofWords } from '../../words/driver-proof.ts';
import type { DriverSession } from './driver-session.ts';
import { focusOpenStop } from './open-stop.ts';
import { ScanPanel } from './scan-panel.tsx';
import { scannedCode } from './scanned-code.ts';
import type { HeldRow } from './session-state.ts';

interface ProofScanProps {
  session: DriverSession;
  item: HeldRow;
  onDone: () => void;
}

/** Scans a code as proof. The label of another parcel is none, and leads to that one if it is in hand, too. */
export function ProofScan({ session, item, onDone }: ProofScanProps) {
  const words = proofWords().scan;
  const { payload } = item.known.view;
  const [other, setOther] = useState<ParcelId>();
  return (
    <ScanPanel
      onCode={(code) => {
        const scanned = scannedCode(code, payload);
        if ('other' in scanned) {
          setOther(scanned.other);
          return 'other';
        }
        session.proofs.setScan(item.key, scanned.proof);
        session.announcer.say('scan', () => words.read(scanned.proof));
        onDone();
        return 'taken';
      }}
      refusal={
        other && (
          <>
            <p>
              {other.store === payload.store
                ? words.otherLabel(other.orderID)
                : words.otherStore(other.orderID, other.store)}
            </p>
            <OpenOther session={session} other={other} onDone={onDone} />
          </>
        )
      }
    />
  );
}

function OpenOther({
  session,
  other,
  onDone,
}: Pick<ProofScanProps, 'session' | 'onDone'> & { other: ParcelId }) {
  const held = session.state.get().held.find(({ key }) => key === parcelName(other));
  if (!held) return null;
  const open = () => {
    onDone();
    session.actions.open(held);
    // The stop is drawn in the next frame.
    nextFrame(() => nextFrame(() => focusOpenStop(document)));
  };
  return <Button onClick={firstTap(open)}>{proofWords().scan.open(other.orderID)}</Button>;
}
