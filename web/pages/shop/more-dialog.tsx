import { useEffect, useRef } from 'react';
import { useSelect } from '../../app/hooks.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { ExportButton } from './export-button.tsx';
import styles from './more-dialog.module.css';
import { filterOrders, isEverything, type OrderFilter } from './order-filter.ts';
import { goToToday } from './page-address.ts';
import type { PlacedOrder } from './placed-orders.ts';
import { type PrintedOrder, printedOf } from './print-job.ts';
import type { Shop } from './shop.ts';

interface MoreDialogProps {
  title: string;
  shop: Shop;
  filter: OrderFilter;
  onPrint: (orders: readonly PrintedOrder[]) => void;
  onRepeats: () => void;
  onClose: () => void;
}

/** What a shop does with its orders once or twice a day. */
export function MoreDialog({ title, shop, filter, onPrint, onRepeats, onClose }: MoreDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const orders = useSelect(shop.state, (state) => state.orders);
  const labelled = labelledOf(orders, filter);
  const { more } = words();
  /** Closed first, so that the focus is where it was before. */
  const leaveFor = (next: () => void) => () => {
    dialog.current?.close();
    next();
  };
  return (
    <Dialog dialog={dialog} width="narrow" onClose={onClose} title={title}>
      <div className={styles['choices']}>
        <Button onClick={leaveFor(goToToday)}>{more.day}</Button>
        <Button
          disabled={labelled.length === 0}
          onClick={leaveFor(() => onPrint(labelled.map(({ view }) => printedOf(view))))}
        >
          {more.labelsOf(labelled.length)}
        </Button>
        <Button aria-haspopup="dialog" onClick={leaveFor(onRepeats)}>
          {more.repeats}
        </Button>
        <ExportButton
          store={shop.store}
          isEmpty={orders.length === 0}
          words={more}
          take={() => filterOrders(shop.state.get().orders, filter, hubClock.now()).map(({ view }) => view)}
          onDone={() => dialog.current?.close()}
        />
      </div>
    </Dialog>
  );
}

/** Those that the list shows; of the whole list, those that are still to be collected, the oldest first. */
function labelledOf(orders: readonly PlacedOrder[], filter: OrderFilter): readonly PlacedOrder[] {
  const shown = isEverything(filter)
    ? orders.filter(({ view }) => view.status === 'ready' || view.status === 'claimed')
    : filterOrders(orders, filter, hubClock.now());
  return shown.toReversed();
}
