import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { shop as words } from '../../words/shop.ts';
import type { Shop } from './shop.ts';
import styles from './shop-details.module.css';

const loadDetails = async () => ({ Content: (await import('./shop-details-dialog.tsx')).ShopDetailsDialog });

/** Opens the shop's details. They are loaded on demand, because they are seldom used. */
export function ShopDetails({ shop }: { shop: Shop }) {
  const [isOpen, setOpen] = useState(false);
  const { store, profile } = shop;
  return (
    <div className={styles['plate']}>
      <Button look="quiet" size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words().details}
      </Button>
      {isOpen && (
        <OnDemand
          load={loadDetails}
          props={{
            store,
            simulator: shop.auto.switch,
            onSaved: (saved) => profile.set(saved),
            onClose: () => setOpen(false),
          }}
        />
      )}
    </div>
  );
}
