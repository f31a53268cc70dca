import { type RefObject, useLayoutEffect, useRef } from 'react';
import { useSelect, useStore } from '../../app/hooks.ts';
import { isSheet, ParcelDetails, type ValueFilter } from '../../dispatch/parcel-details.tsx';
import { withAddress } from './address.ts';
import { closePanel, focusList } from './log-keyboard.ts';
import type { LogStore } from './log-store.ts';

interface ParcelPanelProps {
  store: LogStore;
  onValue: ValueFilter;
}

/** The parcel of the selected row. */
export function ParcelPanel({ store, onValue }: ParcelPanelProps) {
  const watched = useStore(store.parcel.state);
  const selected = useSelect(store.log, (log) => log.selected);
  const isFollowing = useSelect(store.log, ({ mode }) => mode.kind === 'following');
  const panel = useRef<HTMLElement>(null);
  useSheetClosing(panel, isFollowing, store);
  if (!watched) return null;
  return (
    <ParcelDetails
      desk={store}
      watched={watched}
      selected={selected}
      panel={panel}
      onClose={() => closePanel(store)}
      onValue={onValue}
      link={() => withAddress(location.href, store.address)}
    />
  );
}

/** Closes a sheet when the log follows again, because the sheet covers the newest rows. */
function useSheetClosing(panel: RefObject<HTMLElement | null>, isFollowing: boolean, store: LogStore): void {
  useLayoutEffect(() => {
    const sheet = panel.current;
    if (!isFollowing || !sheet || !isSheet(sheet)) return;
    if (sheet.contains(document.activeElement)) focusList();
    store.parcel.hide();
  }, [panel, isFollowing, store]);
}
