import { memo, useState } from 'react';
import type { Status } from '../../../protocol/events.ts';
import type { Order } from '../../../protocol/orders.ts';
import { useRestoredFocus } from '../../app/hooks.ts';
import { oneLine } from '../../app/lines.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { StatusMark, StatusShape } from '../../ui/status-mark.tsx';
import type { Words } from '../../words/en/shop.ts';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { DeliveryWindow } from './delivery-window.tsx';
import styles from './order-row.module.css';
import { holderName, type UnreadNote } from './orders.ts';
import type { Shop } from './shop.ts';
import type { ActionState, Draft } from './shop-state.ts';

type RowButton = keyof Words['rowOf'];

/** For those who hear a button alone: `Track order 1042 for Élodie Marchand`. */
function accessibleName(button: RowButton, { orderID, customer }: Order): string {
  return words().rowOf[button](orderID, customer);
}

/** An order that the hub does not have yet. */
export const DraftRow = memo(function DraftRow({ shop, draft }: { shop: Shop; draft: Draft }) {
  const { row } = words();
  const { orderID, customer, address } = draft.order;
  const isRefused = draft.refused !== undefined;
  return (
    <div className={styles['row']} data-pending={!isRefused} data-message={isRefused}>
      <span className={styles['status']} data-status={isRefused ? 'failed' : 'none'}>
        <StatusShape status={isRefused ? 'failed' : 'other'} />
        {isRefused ? row.notSent : row.sending}
      </span>
      <span className={styles['whom']}>
        <span className={styles['customer']}>
          <CustomerAndId customer={customer} orderID={orderID} />
        </span>
        <bdi className={styles['address']}>{oneLine(address)}</bdi>
      </span>
      {isRefused && (
        <>
          <p className={styles['message']}>{draft.refused}</p>
          <span className={styles['actions']}>
            <Button
              size="small"
              aria-label={accessibleName('retry', draft.order)}
              onClick={() => shop.drafts.retry(orderID)}
            >
              {row.retry}
            </Button>
            <Button
              size="small"
              look="quiet"
              aria-label={accessibleName('dismiss', draft.order)}
              onClick={() => shop.drafts.dismiss(orderID)}
            >
              {row.dismiss}
            </Button>
          </span>
        </>
      )}
    </div>
  );
});

/** A person before a number: `Élodie Marchand · 1042`. */
function CustomerAndId({ customer, orderID }: Pick<Order, 'customer' | 'orderID'>) {
  return (
    <>
      <bdi>{oneLine(customer)}</bdi>
      {' · '}
      <bdi className={styles['id']}>{orderID}</bdi>
    </>
  );
}

/** What opens for an order: its life and notes, or the customer's link. */
export type OrderDialogKind = 'details' | 'tracking';

interface OrderRowProps {
  shop: Shop;
  known: KnownParcel;
  action: ActionState | undefined;
  said: UnreadNote | undefined;
  onOpen: (order: Order, what: OrderDialogKind) => void;
}

export const OrderRow = memo(function OrderRow({
  shop,
  known: { view },
  action,
  said,
  onOpen,
}: OrderRowProps) {
  const { row } = words();
  const { orderID, customer, address } = view.payload;
  const keptFocus = useRestoredFocus<HTMLSpanElement>();
  const [statusAtFirst] = useState(view.status);
  return (
    <div
      className={styles['row']}
      data-status={view.status}
      data-message={action?.kind === 'refused' || action?.kind === 'amending'}
      data-thanked={view.status === 'delivered' && statusAtFirst !== 'delivered'}
    >
      <span className={styles['status']}>
        <StatusMark status={view.status} />
      </span>
      <span className={styles['whom']}>
        <button
          type="button"
          className={styles['customer']}
          aria-label={row.details(orderID, customer)}
          aria-haspopup="dialog"
          onClick={() => onOpen(view.payload, 'details')}
        >
          <CustomerAndId customer={customer} orderID={orderID} />
        </button>
        <bdi className={styles['address']}>{oneLine(address)}</bdi>
        <DeliveryWindow view={view} />
        {view.unseen && <span className={styles['said']}>{row.unseen(holderName(view) ?? '')}</span>}
        {said && (
          <span className={styles['said']}>
            <b>{said.from}</b> <bdi>{oneLine(said.text)}</bdi>
          </span>
        )}
      </span>
      <span className={styles['driver']}>{holderName(view)}</span>
      <span className={styles['age']}>
        <Age since={view.changedAt} />
      </span>
      {action?.kind === 'refused' && <p className={styles['message']}>{action.message}</p>}
      {action?.kind === 'amending' && <p className={styles['message']}>{words().row.amending}</p>}
      <span className={styles['actions']}>
        {/* What belongs to a step comes and goes; the others are always there, and take no focus from it. */}
        <span {...keptFocus}>
          <RowAction shop={shop} order={view.payload} status={view.status} action={action} />
        </span>
        <Button
          size="small"
          look="quiet"
          aria-label={accessibleName('track', view.payload)}
          aria-haspopup="dialog"
          onClick={() => onOpen(view.payload, 'tracking')}
        >
          {row.track}
        </Button>
      </span>
    </div>
  );
});

interface RowActionProps {
  shop: Shop;
  order: Order;
  status: Status;
  action: ActionState | undefined;
}

function RowAction({ shop, order, status, action }: RowActionProps) {
  const { row } = words();
  const { orderID } = order;
  switch (action?.kind) {
    case 'undo':
      return (
        <Button
          size="small"
          aria-label={accessibleName('undo', order)}
          onClick={firstTap(() => void shop.actions.undo(orderID))}
        >
          {row.undo}
        </Button>
      );
    case 'refused':
      return (
        <Button
          size="small"
          look="quiet"
          aria-label={accessibleName('ok', order)}
          onClick={firstTap(() => shop.actions.acknowledge(orderID))}
        >
          {row.ok}
        </Button>
      );
    case 'amending':
      return (
        <Button
          size="small"
          aria-label={accessibleName('leave', order)}
          onClick={firstTap(() => void shop.actions.leave(orderID))}
        >
          {shared().name.leave}
        </Button>
      );
    default:
      return <StepButton shop={shop} order={order} status={status} isWorking={action !== undefined} />;
  }
}

interface StepButtonProps extends Omit<RowActionProps, 'action'> {
  isWorking: boolean;
}

/** What the shop itself may let happen to an order now. */
function StepButton({ shop, order, status, isWorking }: StepButtonProps) {
  const { row } = words();
  const { orderID } = order;
  if (status === 'returning') {
    return (
      <Button
        size="small"
        aria-label={accessibleName('returned', order)}
        disabled={isWorking}
        onClick={firstTap(() => void shop.actions.step(orderID, 'returned'))}
      >
        {row.returned}
      </Button>
    );
  }
  if (status !== 'ready' && status !== 'claimed') return null;
  return (
    <Button
      size="small"
      look="quiet"
      aria-label={accessibleName('cancel', order)}
      disabled={isWorking}
      onClick={firstTap(() => void shop.actions.step(orderID, 'cancelled'))}
    >
      {row.cancel}
    </Button>
  );
}
