import { useState } from 'react';
import { useLoaded } from '../../app/hooks.ts';
import type { ScannedStopProps } from './scanned-stop.tsx';

/** Opens the parcel that the address names, as that of a label's code does. */
export function ScannedSlot(props: ScannedStopProps) {
  const [isNamed] = useState(() => new URLSearchParams(location.search).has('order'));
  return isNamed ? <Loaded {...props} /> : null;
}

/** Seldom needed. The page's files for opening without network have it. */
const load = () => import('./scanned-stop.tsx');

function Loaded(props: ScannedStopProps) {
  const code = useLoaded(load);
  return code && code !== 'missing' ? <code.ScannedStop {...props} /> : null;
}
