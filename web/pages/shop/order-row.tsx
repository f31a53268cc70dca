import { memo, useState } from 'react';
import type { Status } from '../../../protocol/events.ts';
import type { Order } from '../../../protocol/messages.ts';
import { useKeptFocus } from '../../app/hooks.ts';
import { oneLine } from '../../app/lines.ts';
import type { Known } from '../../app/parcels.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Due } from '../../ui/due.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { StatusMark, StatusShape } from '../../ui/status-mark.tsx';
import styles from './order-row.module.css';
import type { Said } from './orders.ts';
import type { Shop } from './shop.ts';
import type { Doing, Draft } from './shop-state.ts';

function whichOf({ orderID, customer }: Pick<Order, 'orderID' | 'customer'>): string {
  return `order ${orderID} for ${customer}`;
}

/** An order that the hub does not have yet. */
export const DraftRow = memo(function DraftRow({ shop, draft }: { shop: Shop; draft: Draft }) {
  const { orderID, customer, address } = draft.order;
  const which = whichOf(draft.order);
  const isRefused = draft.refused !== undefined;
  return (
    <div className={styles['row']} data-pending={!isRefused} data-message={isRefused}>
      <span className={styles['status']} data-status={isRefused ? 'failed' : 'none'}>
        <StatusShape status={isRefused ? 'failed' : 'other'} />
        {isRefused ? 'Not sent' : 'Sending…'}
      </span>
      <span className={styles['id']} title={orderID}>
        {orderID}
      </span>
      <span className={styles['whom']}>
        <bdi className={styles['customer']}>{oneLine(customer)}</bdi>
        <bdi className={styles['address']}>{oneLine(address)}</bdi>
      </span>
      {isRefused && (
        <>
          <p className={styles['message']}>{draft.refused}</p>
          <span className={styles['actions']}>
            <Button size="small" aria-label={`Retry ${which}`} onClick={() => shop.retry(orderID)}>
              Retry
            </Button>
            <Button
              size="small"
              look="quiet"
              aria-label={`Dismiss ${which}`}
              onClick={() => shop.dismiss(orderID)}
            >
              Dismiss
            </Button>
          </span>
        </>
      )}
    </div>
  );
});

/** What opens for an order: its life and notes, or the customer's link. */
export type Opening = 'details' | 'tracking';

interface OrderRowProps {
  shop: Shop;
  known: Known;
  doing: Doing | undefined;
  said: Said | undefined;
  onOpen: (orderID: string, what: Opening) => void;
}

export const OrderRow = memo(function OrderRow({
  shop,
  known: { view },
  doing,
  said,
  onOpen,
}: OrderRowProps) {
  const { orderID, customer, address } = view.payload;
  const which = whichOf(view.payload);
  const keptFocus = useKeptFocus<HTMLSpanElement>();
  const [statusAtFirst] = useState(view.status);
  return (
    <div
      className={styles['row']}
      data-status={view.status}
      data-message={doing?.kind === 'refused'}
      data-thanked={view.status === 'delivered' && statusAtFirst !== 'delivered'}
    >
      <span className={styles['status']}>
        <StatusMark status={view.status} />
      </span>
      <button
        type="button"
        className={styles['id']}
        title={orderID}
        aria-label={`${orderID}, details of the order for ${customer}`}
        aria-haspopup="dialog"
        onClick={() => onOpen(orderID, 'details')}
      >
        {orderID}
      </button>
      <span className={styles['whom']}>
        <bdi className={styles['customer']}>{oneLine(customer)}</bdi>
        <bdi className={styles['address']}>{oneLine(address)}</bdi>
        {view.payload.dueAt !== undefined && <Due view={view} at={view.payload.dueAt} />}
        {said && (
          <span className={styles['said']}>
            <b>{said.from}</b> <bdi>{oneLine(said.text)}</bdi>
          </span>
        )}
      </span>
      <span className={styles['driver']}>{view.holder?.name ?? view.holder?.id}</span>
      <span className={styles['age']}>
        <Age since={view.changedAt} />
      </span>
      {doing?.kind === 'refused' && <p className={styles['message']}>{doing.message}</p>}
      <span className={styles['actions']}>
        {/* What belongs to a step comes and goes; the others are always there, and take no focus from it. */}
        <span {...keptFocus}>
          <RowAction shop={shop} which={which} orderID={orderID} status={view.status} doing={doing} />
        </span>
        <Button
          size="small"
          look="quiet"
          aria-label={`Track ${which}`}
          aria-haspopup="dialog"
          onClick={() => onOpen(orderID, 'tracking')}
        >
          Track
        </Button>
      </span>
    </div>
  );
});

interface RowActionProps {
  shop: Shop;
  /** For those who hear the button alone: `order 1042 for Élodie Marchand`. */
  which: string;
  orderID: string;
  status: Status;
  doing: Doing | undefined;
}

function RowAction({ shop, which, orderID, status, doing }: RowActionProps) {
  switch (doing?.kind) {
    case 'undo':
      return (
        <Button size="small" aria-label={`Undo, ${which}`} onClick={firstTap(() => void shop.undo(orderID))}>
          Undo
        </Button>
      );
    case 'refused':
      return (
        <Button
          size="small"
          look="quiet"
          aria-label={`OK, ${which}`}
          onClick={firstTap(() => shop.acknowledge(orderID))}
        >
          OK
        </Button>
      );
    default:
      return (
        <StepButton
          shop={shop}
          which={which}
          orderID={orderID}
          status={status}
          isWorking={doing !== undefined}
        />
      );
  }
}

interface StepButtonProps extends Omit<RowActionProps, 'doing'> {
  isWorking: boolean;
}

/** What the shop itself may let happen to an order now. */
function StepButton({ shop, which, orderID, status, isWorking }: StepButtonProps) {
  if (status === 'returning') {
    return (
      <Button
        size="small"
        aria-label={`Returned, we have it: ${which}`}
        disabled={isWorking}
        onClick={firstTap(() => void shop.step(orderID, 'returned'))}
      >
        Returned, we have it
      </Button>
    );
  }
  if (status !== 'ready' && status !== 'claimed') return null;
  return (
    <Button
      size="small"
      look="quiet"
      aria-label={`Cancel ${which}`}
      disabled={isWorking}
      onClick={firstTap(() => void shop.step(orderID, 'cancelled'))}
    >
      Cancel
    </Button>
  );
}
