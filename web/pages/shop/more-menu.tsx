import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { shop as words } from '../../words/shop.ts';
import type { OrderFilter } from './order-filter.ts';
import type { PrintedOrder } from './print-job.ts';
import { loadRepeats } from './repeats-loader.ts';
import type { Shop } from './shop.ts';

const loadMore = async () => ({ Content: (await import('./more-dialog.tsx')).MoreDialog });

interface MoreMenuProps {
  shop: Shop;
  filter: OrderFilter;
  onPrint: (orders: readonly PrintedOrder[]) => void;
}

/** What is needed once or twice a day, behind one button. */
export function MoreMenu({ shop, filter, onPrint }: MoreMenuProps) {
  const [opened, setOpened] = useState<'more' | 'repeats'>();
  const onClose = () => setOpened(undefined);
  return (
    <>
      <Button look="quiet" aria-haspopup="dialog" onClick={() => setOpened('more')}>
        {words().more}
      </Button>
      {opened === 'more' && (
        <OnDemand
          load={loadMore}
          props={{
            title: words().more,
            shop,
            filter,
            onPrint,
            onRepeats: () => setOpened('repeats'),
            onClose,
          }}
        />
      )}
      {opened === 'repeats' && (
        <OnDemand
          load={loadRepeats}
          props={{ store: shop.store, zone: shop.profile.zone, order: undefined, onClose }}
        />
      )}
    </>
  );
}
