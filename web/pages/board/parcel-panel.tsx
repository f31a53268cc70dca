import { useRef } from 'react';
import { useLoaded, useStore } from '../../app/hooks.ts';
import type { WatchedParcel } from '../../dispatch/parcel-watch.ts';
import { Banner } from '../../ui/banner.tsx';
import { shared } from '../../words/shared.ts';
import { focusBoard } from './board-keyboard.ts';
import type { BoardStore } from './board-store.ts';

/** Loaded with the first parcel that is opened. */
const loadDetails = () => import('../../dispatch/parcel-details.tsx');

/** The parcel of the row that was opened, as on the page of the log. */
export function ParcelPanel({ store }: { store: BoardStore }) {
  const watched = useStore(store.parcel.state);
  return watched ? <Details store={store} watched={watched} /> : null;
}

function Details({ store, watched }: { store: BoardStore; watched: WatchedParcel }) {
  const panel = useRef<HTMLElement>(null);
  const code = useLoaded(loadDetails);
  if (code === 'missing') return <Banner tone="trouble">{shared().shell.partMissingHint}</Banner>;
  if (!code) return null;
  const { store: shop, orderID } = watched.key;
  return (
    <code.ParcelDetails
      desk={store}
      watched={watched}
      panel={panel}
      onClose={() => {
        store.parcel.hide();
        focusBoard();
      }}
      link={() => `${location.origin}/log?q=${encodeURIComponent(`store:"${shop}" order:"${orderID}"`)}`}
    />
  );
}
