import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { shop as words } from '../../words/shop.ts';
import { loadRepeats } from './repeats-loader.ts';
import type { Shop } from './shop.ts';
import styles from './shop-details.module.css';

const loadDetails = async () => ({ Content: (await import('./shop-details-dialog.tsx')).ShopDetailsDialog });

/** Opens the shop's details, and its orders that repeat. Both are loaded on demand, because they are seldom used. */
export function ShopDetails({ shop }: { shop: Shop }) {
  const [opened, setOpened] = useState<'details' | 'repeats'>();
  const { store, profile } = shop;
  const onClose = () => setOpened(undefined);
  return (
    <div className={styles['plate']}>
      <Button look="quiet" size="small" aria-haspopup="dialog" onClick={() => setOpened('details')}>
        {words().details}
      </Button>
      <Button look="quiet" size="small" aria-haspopup="dialog" onClick={() => setOpened('repeats')}>
        {words().repeats}
      </Button>
      {opened === 'details' && (
        <OnDemand
          load={loadDetails}
          props={{ store, simulator: shop.auto.switch, onSaved: (saved) => profile.set(saved), onClose }}
        />
      )}
      {opened === 'repeats' && (
        <OnDemand load={loadRepeats} props={{ store, zone: profile.zone, order: undefined, onClose }} />
      )}
    </div>
  );
}
