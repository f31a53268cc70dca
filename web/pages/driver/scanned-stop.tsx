import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { parcelIn, parcelInCode, withoutParcel } from '../../app/parcel-link.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { driverScan } from '../../words/driver-scan.ts';
import type { DriverSession } from './driver-session.ts';
import { focusOpenStop } from './open-stop.ts';
import { ScanPanel } from './scan-panel.tsx';
import styles from './scanned-parcel.module.css';
import { ScannedParcel } from './scanned-parcel.tsx';
import { canOpen, type SessionState } from './session-state.ts';

export interface ScannedStopProps {
  session: DriverSession;
  driver: string;
  state: SessionState;
  /** The driver wants to scan a label. */
  isScanning: boolean;
  setIsScanning: (isScanning: boolean) => void;
  /** Called with the key of the parcel that is shown by itself. */
  onShown: (key: string | undefined) => void;
}

/**
 * The parcel whose label was scanned. If it is in hand, its stop is opened, also without network; anything else is shown
 * by itself. Nothing is done with it: its next step is one tap away.
 */
export function ScannedStop({
  session,
  driver,
  state,
  isScanning,
  setIsScanning,
  onShown,
}: ScannedStopProps) {
  const [scanned, setScanned] = useState(() => parcelIn(location.search));
  useEffect(() => history.replaceState(history.state, '', withoutParcel(location.href)), []);
  const place = useRef<HTMLDivElement>(null);
  const key = scanned && parcelName(scanned);
  // A row stays for a moment when its parcel is delivered, released or gone; no stop of it can be opened.
  const held = state.held.find((row) => row.key === key && canOpen(row));
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
  const take = (code: string) => {
    const parcel = parcelInCode(code) ?? parcelOfId(state, code);
    if (!parcel) return 'other';
    setIsScanning(false);
    setScanned(parcel);
    return 'taken';
  };
  const isShown = scanned !== undefined && !isHeld && state.isKnown;
  const shownKey = isShown && !isScanning ? key : undefined;
  useLayoutEffect(() => onShown(shownKey), [onShown, shownKey]);
  return (
    <div ref={place} hidden={!(isScanning || isShown)}>
      {isScanning ? (
        <LabelScan onCode={take} onClose={() => setIsScanning(false)} />
      ) : (
        isShown && (
          <ScannedParcel
            session={session}
            driver={driver}
            state={state}
            parcel={scanned}
            onClose={() => setScanned(undefined)}
          />
        )
      )}
    </div>
  );
}

interface LabelScanProps {
  onCode: (code: string) => 'taken' | 'other';
  onClose: () => void;
}

/** Looks for the code of a label, until one is found. */
function LabelScan({ onCode, onClose }: LabelScanProps) {
  const panel = useRef<HTMLDivElement>(null);
  // The button is in the header, however far the page is scrolled.
  useEffect(() => {
    scrollTo({ top: 0 });
    panel.current?.focus({ preventScroll: true });
  }, []);
  const words = driverScan();
  return (
    <Panel
      title={words.scan}
      aside={
        <Button look="quiet" size="small" className={styles['close']} onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <div ref={panel} tabIndex={-1}>
        <ScanPanel onCode={onCode} refusal={<p>{words.noLabel}</p>} />
      </div>
    </Panel>
  );
}

/** A parcel that this page knows, if the driver has typed its id. */
function parcelOfId({ held, offers, laterOffers }: SessionState, orderID: string): ParcelId | undefined {
  const known = [...held, ...offers].map((one) => one.known).concat(laterOffers);
  return known.find(({ view }) => view.payload.orderID === orderID)?.view.payload;
}
