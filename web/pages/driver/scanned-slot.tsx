import { useState } from 'react';
import { useLoaded } from '../../app/hooks.ts';
import { shared } from '../../words/shared.ts';
import { loadProofs } from './load-proofs.ts';
import type { ScannedStopProps } from './scanned-stop.tsx';

export type ScannedSlotProps = ScannedStopProps;

/** Opens the parcel that the address names, as that of a label's code does, or scans the label of one. */
export function ScannedSlot(props: ScannedSlotProps) {
  const [isNamed] = useState(() => new URLSearchParams(location.search).has('order'));
  const [wasScanning, setWasScanning] = useState(isNamed);
  if (props.isScanning && !wasScanning) setWasScanning(true);
  return wasScanning ? <Loaded {...props} /> : null;
}

function Loaded(props: ScannedSlotProps) {
  const code = useLoaded(loadProofs);
  if (code === 'missing') return <p role="alert">{shared().shell.partMissing}.</p>;
  return code ? <code.ScannedStop {...props} /> : null;
}
