import { memo, useState } from 'react';
import type { Status } from '../../../protocol/messages.ts';
import { useKeptFocus } from '../../hooks.ts';
import type { Known } from '../../parcels.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Due } from '../../ui/due.tsx';
import { StatusMark, StatusShape } from '../../ui/status-mark.tsx';
import styles from './order-row.module.css';
import type { Said } from './orders.ts';
import type { Doing, Draft, Shop } from './shop.ts';

/** An order that the hub does not have yet. */
export const DraftRow = memo(function DraftRow({ shop, draft }: { shop: Shop; draft: Draft }) {
  const { orderID, customer, address } = draft.order;
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
        <bdi className={styles['customer']}>{customer}</bdi>
        <bdi className={styles['address']}>{address}</bdi>
      </span>
      {isRefused && (
        <>
          <p className={styles['message']}>{draft.refused}</p>
          <span className={styles['actions']}>
            <Button size="small" onClick={() => shop.retry(orderID)}>
              Retry
            </Button>
            <Button size="small" look="quiet" onClick={() => shop.dismiss(orderID)}>
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
        aria-label={`Details of ${orderID}`}
        aria-haspopup="dialog"
        onClick={() => onOpen(orderID, 'details')}
      >
        {orderID}
      </button>
      <span className={styles['whom']}>
        <bdi className={styles['customer']}>{customer}</bdi>
        <bdi className={styles['address']}>{address}</bdi>
        {view.payload.dueAt !== undefined && <Due view={view} at={view.payload.dueAt} />}
        {said && (
          <span className={styles['said']}>
            <b>{said.from}</b> <bdi>{said.text}</bdi>
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
          <RowAction shop={shop} orderID={orderID} status={view.status} doing={doing} />
        </span>
        <Button size="small" look="quiet" aria-haspopup="dialog" onClick={() => onOpen(orderID, 'tracking')}>
          Track
        </Button>
      </span>
    </div>
  );
});

interface RowActionProps {
  shop: Shop;
  orderID: string;
  status: Status;
  doing: Doing | undefined;
}

function RowAction({ shop, orderID, status, doing }: RowActionProps) {
  const mayCancel = status === 'ready' || status === 'claimed';
  switch (doing?.kind) {
    case 'undo':
      return (
        <Button size="small" onClick={() => void shop.undo(orderID)}>
          Undo
        </Button>
      );
    case 'refused':
      return (
        <Button size="small" look="quiet" onClick={() => shop.acknowledge(orderID)}>
          OK
        </Button>
      );
    default:
      return (
        mayCancel && (
          <Button
            size="small"
            look="quiet"
            disabled={doing?.kind === 'working'}
            onClick={() => void shop.cancel(orderID)}
          >
            Cancel
          </Button>
        )
      );
  }
}
