import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { useLoaded, useSelect, useStore } from '../../app/hooks.ts';
import type { ValueFilter } from '../../dispatch/parcel-details.tsx';
import type { WatchedParcel } from '../../dispatch/parcel-watch.ts';
import { isSheet } from '../../dispatch/sheet.ts';
import { Banner } from '../../ui/banner.tsx';
import { shared } from '../../words/shared.ts';
import { withAddress } from './address.ts';
import { closePanel, focusList } from './log-keyboard.ts';
import type { LogStore } from './log-store.ts';

interface ParcelPanelProps {
  store: LogStore;
  onValue: ValueFilter;
}

/** Loaded with the first parcel that is opened: most readers only watch. */
const loadDetails = () => import('../../dispatch/parcel-details.tsx');

/** The parcel of the selected row. */
export function ParcelPanel({ store, onValue }: ParcelPanelProps) {
  const watched = useStore(store.parcel.state);
  const selected = useSelect(store.log, (log) => log.selected);
  const isFollowing = useSelect(store.log, ({ mode }) => mode.kind === 'following');
  const panel = useRef<HTMLElement>(null);
  useSheetClosing(panel, isFollowing, store);
  return watched ? (
    <Details store={store} onValue={onValue} watched={watched} selected={selected} panel={panel} />
  ) : null;
}

interface DetailsProps extends ParcelPanelProps {
  watched: WatchedParcel;
  selected: CapsRecord | undefined;
  panel: RefObject<HTMLElement | null>;
}

function Details({ store, onValue, watched, selected, panel }: DetailsProps) {
  const code = useLoaded(loadDetails);
  if (code === 'missing') return <Banner tone="trouble">{shared().shell.partMissingHint}</Banner>;
  if (!code) return null;
  return (
    <code.ParcelDetails
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
