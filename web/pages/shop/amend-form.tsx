import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { isFinished } from '../../../protocol/events.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { errorText } from '../../app/hub-answer.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { shopDialogs } from '../../words/shop-dialogs.ts';
import styles from './order-dialog.module.css';
import { FurtherFields, useOrderForm } from './order-form.tsx';
import { amendmentOf, textOf } from './order-text.ts';
import type { Shop } from './shop.ts';

interface AmendFormProps {
  shop: Shop;
  view: ParcelView;
  onDone: () => void;
}

/**
 * Changes an order, of which it sends what differs from what stood there when it was opened. Whatever the hub answers,
 * and whatever happens to the order meanwhile, nothing typed is lost.
 */
export function AmendForm({ shop, view, onDone }: AmendFormProps) {
  const [before] = useState(() => textOf(view.payload));
  const order = useOrderForm(before);
  const [isSaving, setSaving] = useState(false);
  const [refused, setRefused] = useState<string>();
  const { amend } = shopDialogs();
  const mayChange = mayAmend(view);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSaving || !mayChange || !order.check()) return;
    const changes = amendmentOf(before, order.typed);
    if (Object.keys(changes).length === 0) {
      onDone();
      return;
    }
    setSaving(true);
    setRefused(undefined);
    const error = await shop.actions.amend(view.payload.orderID, changes);
    setSaving(false);
    if (!error) onDone();
    // The answer may come before the news that it answers.
    else setRefused(error.code === 'wrong-status' ? amend.collected : errorText(error));
  }

  function leaveUnchanged(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    // It would close the dialog, and with it what is typed here.
    event.preventDefault();
    if (Object.keys(amendmentOf(before, order.typed)).length === 0) onDone();
  }

  return (
    <form
      ref={order.form}
      className={styles['amend']}
      aria-label={amend.change}
      onSubmit={(event) => void submit(event)}
      onKeyDown={leaveUnchanged}
      noValidate
    >
      <Field label={shared().customer} required autoFocus {...order.field('customer')} />
      <Field label={words().form.address} required {...order.field('address')} />
      <FurtherFields form={order} />
      {(refused !== undefined || !mayChange) && (
        <p role="alert" className={styles['refused']}>
          {mayChange ? refused : isFinished(view.status) ? amend.finished : amend.collected}
        </p>
      )}
      <div className={styles['actions']}>
        <Button type="submit" look="main" disabled={isSaving || !mayChange}>
          {isSaving ? amend.saving : amend.save}
        </Button>
        <Button onClick={onDone}>{shared().name.leave}</Button>
      </div>
    </form>
  );
}

/** Whether the shop may still change the order itself. */
export function mayAmend({ status }: ParcelView): boolean {
  return status === 'ready' || status === 'claimed';
}
