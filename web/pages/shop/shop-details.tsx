import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { shop as words } from '../../words/shop.ts';
import type { Shop } from './shop.ts';
import styles from './shop-details.module.css';

const loadDetails = async () => ({ Content: (await import('./shop-details-dialog.tsx')).ShopDetailsDialog });

/** Opens the shop's details. The form is loaded on demand, because it is seldom used. */
export function ShopDetails({ store, shop }: { store: string; shop: Shop | undefined }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles['plate']}>
      <Button look="quiet" size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words().details}
      </Button>
      {isOpen && (
        <OnDemand
          load={loadDetails}
          props={{ store, simulator: shop?.auto.switch, onClose: () => setOpen(false) }}
        />
      )}
    </div>
  );
}
