import { useState } from 'react';
import { useSelect } from '../../app/hooks.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { Button } from '../../ui/button.tsx';
import { shop as words } from '../../words/shop.ts';
import { filterOrders, isEverything, type OrderFilter } from './order-filter.ts';
import { goToToday } from './page-address.ts';
import type { PlacedOrder } from './placed-orders.ts';
import { type PrintedOrder, printedOf } from './print-job.ts';
import type { Shop } from './shop.ts';

interface MoreMenuProps {
  shop: Shop;
  filter: OrderFilter;
  onPrint: (orders: readonly PrintedOrder[]) => void;
}

/** What is needed once or twice a day. */
export function MoreMenu({ shop, filter, onPrint }: MoreMenuProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {words().more}
      </Button>
      {isOpen && <MoreButtons shop={shop} filter={filter} onPrint={onPrint} />}
    </>
  );
}

function MoreButtons({ shop, filter, onPrint }: MoreMenuProps) {
  const orders = useSelect(shop.state, (state) => state.orders);
  const labelled = labelledOf(orders, filter);
  return (
    <>
      <Button onClick={goToToday}>{words().day}</Button>
      <Button
        disabled={labelled.length === 0}
        onClick={() => onPrint(labelled.map(({ view }) => printedOf(view)))}
      >
        {words().labelsOf(labelled.length)}
      </Button>
    </>
  );
}

/** Those that the list shows; of the whole list, those that are still to be collected, the oldest first. */
function labelledOf(orders: readonly PlacedOrder[], filter: OrderFilter): readonly PlacedOrder[] {
  const shown = isEverything(filter)
    ? orders.filter(({ view }) => view.status === 'ready' || view.status === 'claimed')
    : filterOrders(orders, filter, hubClock.now());
  return shown.toReversed();
}
