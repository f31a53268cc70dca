import { type ComponentType, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { shop as words } from '../../words/shop.ts';
import { loadWords } from '../../words/spoken.ts';
import styles from './shop-details.module.css';

interface Opened {
  store: string;
  onClose: () => void;
}

/** Opens what customers are told of the shop. The form is loaded when it is wanted: that is once in a shop's life. */
export function ShopDetails({ store }: { store: string }) {
  const [Details, setDetails] = useState<ComponentType<Opened>>();
  const [isOpen, setOpen] = useState(false);
  const [hasFailed, setFailed] = useState(false);

  async function open(): Promise<void> {
    setFailed(false);
    setOpen(true);
    try {
      const { ShopDetailsDialog } = await import('./shop-details-dialog.tsx');
      await loadWords();
      setDetails(() => ShopDetailsDialog);
    } catch {
      // The hub went away, or was upgraded and has this part no more.
      setFailed(true);
      setOpen(false);
    }
  }

  return (
    <div className={styles['plate']}>
      <Button look="quiet" size="small" aria-haspopup="dialog" onClick={() => void open()}>
        {words().details}
      </Button>
      {hasFailed && <span role="alert">{words().detailsMissing}</span>}
      {isOpen && Details && <Details store={store} onClose={() => setOpen(false)} />}
    </div>
  );
}
