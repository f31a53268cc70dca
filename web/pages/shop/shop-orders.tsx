import { type RefObject, useEffect, useState } from 'react';
import type { Order } from '../../../protocol/orders.ts';
import { useLoaded } from '../../app/hooks.ts';
import { parcelIn, withoutParcel } from '../../app/parcel-link.ts';
import { Banner } from '../../ui/banner.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { shared } from '../../words/shared.ts';
import type { DayPanelProps } from './day-panel.tsx';
import type { NewOrderHandle } from './new-order.tsx';
import { OrderList } from './order-list.tsx';
import { namesDay, useQuery } from './page-address.ts';
import type { PrintDesk } from './printing.ts';
import type { Shop } from './shop.ts';

const loadDay = () => import('./day-panel.tsx');
const loadDetails = async () => ({ Content: (await import('./order-dialog.tsx')).OrderDialog });

interface ShopOrdersProps {
  shop: Shop;
  form: RefObject<NewOrderHandle | null>;
  onPrint: PrintDesk['print'];
}

/** The list of orders, or what became of those of a day; and the order that a link names. */
export function ShopOrders({ shop, form, onPrint }: ShopOrdersProps) {
  const hasDay = namesDay(useQuery());
  const copy = (order: Order) => form.current?.copy(order);
  const [linked, setLinked] = useState(() => linkedOrder(shop.store));
  useEffect(() => history.replaceState(history.state, '', withoutParcel(location.href, 'store')), []);
  return (
    <>
      {hasDay ? (
        <Day shop={shop} onCopy={copy} onPrint={onPrint} />
      ) : (
        <OrderList shop={shop} onCopy={copy} onPrint={onPrint} />
      )}
      {linked !== undefined && (
        <OnDemand
          load={loadDetails}
          props={{ shop, orderID: linked, onCopy: copy, onPrint, onClose: () => setLinked(undefined) }}
        />
      )}
    </>
  );
}

/** Loaded when it is wanted. Until then the list stays. */
function Day(props: DayPanelProps) {
  const code = useLoaded(loadDay);
  if (code === 'missing') return <Banner tone="trouble">{shared().shell.partMissingHint}</Banner>;
  return code ? <code.DayPanel {...props} /> : <OrderList {...props} />;
}

/** The order that the address names, of this shop alone. */
function linkedOrder(store: string): string | undefined {
  const parcel = parcelIn(location.search);
  return parcel?.store === store ? parcel.orderID : undefined;
}
