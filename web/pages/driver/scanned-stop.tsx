import { useEffect, useRef, useState } from 'react';
import { parcelName } from '../../../protocol/ids.ts';
import { parcelIn, withoutParcel } from '../../app/parcel-link.ts';
import type { DriverSession } from './driver-session.ts';
import { focusOpenStop } from './open-stop.ts';
import { ScannedParcel } from './scanned-parcel.tsx';
import type { SessionState } from './session-state.ts';

export interface ScannedStopProps {
  session: DriverSession;
  driver: string;
  state: SessionState;
}

/**
 * The parcel whose label was scanned. If it is in hand, its stop is opened, also without network; anything else is shown
 * by itself. Nothing is done with it: its next step is one tap away.
 */
export function ScannedStop({ session, driver, state }: ScannedStopProps) {
  const [scanned, setScanned] = useState(() => parcelIn(location.search));
  useEffect(() => history.replaceState(history.state, '', withoutParcel(location.href)), []);
  const place = useRef<HTMLDivElement>(null);
  const key = scanned && parcelName(scanned);
  const held = state.held.find((row) => row.key === key);
  const isHeld = held !== undefined;
  const isOpen = held?.isOpen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is opened once, as it then is
  useEffect(() => {
    if (!held) return;
    if (!isOpen) {
      session.actions.open(held);
      return;
    }
    focusOpenStop(place.current?.parentElement);
    setScanned(undefined);
  }, [session, isHeld, isOpen]);
  return (
    <div ref={place} hidden={!scanned || isHeld}>
      {scanned && !isHeld && state.isKnown && (
        <ScannedParcel
          session={session}
          driver={driver}
          state={state}
          parcel={scanned}
          onClose={() => setScanned(undefined)}
        />
      )}
    </div>
  );
}
