import { useState } from 'react';
import { useSelect } from '../../app/hooks.ts';
import { Button } from '../../ui/button.tsx';
import styles from '../../ui/way-question.module.css';
import { shopDialogs as words } from '../../words/shop-dialogs.ts';
import { cancellableAmong, forgetSamples, ownSamples } from './open-samples.ts';
import type { Shop } from './shop.ts';

interface SamplesLeftProps {
  shop: Shop;
  /** Its code could not be loaded, and somebody has read that. */
  onClose: () => void;
}

/** One line for a shop that begins to work for real: its samples are still open. They are offered once. */
export function SamplesLeft({ shop }: SamplesLeftProps) {
  const { left } = words();
  const orders = useSelect(shop.state, (state) => state.orders);
  const [samples, setSamples] = useState(() => ownSamples(shop.store));
  const actions = useSelect(shop.state, (state) => state.actions);
  const [cancelled, setCancelled] = useState<readonly string[]>();
  if (cancelled) {
    const undoable = cancelled.filter((orderID) => actions.get(orderID)?.kind === 'undo');
    if (undoable.length === 0) return null;
    return (
      <section className={styles['strip']} aria-label={left.label}>
        <p role="status">{left.cancelled(undoable.length)}</p>
        <Button size="small" onClick={() => undoable.forEach((orderID) => void shop.actions.undo(orderID))}>
          {left.undo}
        </Button>
      </section>
    );
  }
  const open = cancellableAmong(samples, orders);
  if (open.length === 0) return null;
  const leave = () => {
    setSamples([]);
    forgetSamples(shop.store);
  };
  const cancel = () => {
    setCancelled(open);
    leave();
    for (const orderID of open) void shop.actions.step(orderID, 'cancelled');
  };
  return (
    <section className={styles['strip']} aria-label={left.label}>
      <p role="status">{left.open(open.length)}</p>
      <div className={styles['ways']}>
        <Button size="small" onClick={cancel}>
          {left.cancel}
        </Button>
        <Button size="small" look="quiet" onClick={leave}>
          {left.leave}
        </Button>
      </div>
    </section>
  );
}
