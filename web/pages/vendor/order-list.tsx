import { memo, useState } from 'react';
import type { Status } from '../../../protocol/messages.ts';
import { statusWords } from '../../../protocol/status-look.ts';
import { useKeptFocus } from '../../hooks.ts';
import { count } from '../../numbers.ts';
import type { Known } from '../../parcels.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark, StatusShape } from '../../ui/status-mark.tsx';
import styles from './order-list.module.css';
import type { Doing, Draft, Shop, ShopState } from './shop.ts';
import { TrackingDialog } from './tracking-dialog.tsx';

/** So many rows are drawn, and so many more with each wish. */
const rowsAtOnce = 100;

/** Always counted; the others are only where there are some. */
const usual: readonly Status[] = ['ready', 'claimed', 'in-transit', 'delivered'];
const unusual: readonly Status[] = ['failed', 'returning', 'returned', 'cancelled'];

interface OrderListProps {
  shop: Shop;
  state: ShopState;
}

/** The store's orders, newest first, each with its status as it is now. */
export function OrderList({ shop, state }: OrderListProps) {
  const { drafts, orders, doing, dropped, hasOlder, loading } = state;
  const [only, setOnly] = useState<Status>();
  const [rows, setRows] = useState(rowsAtOnce);
  /** The order whose tracking link is shown. */
  const [linked, setLinked] = useState<string>();
  const chosen = only === undefined ? orders : orders.filter(({ view }) => view.status === only);
  const isEmpty = drafts.length === 0 && chosen.length === 0;
  return (
    <Panel title="Orders" inset="flush" className={styles['panel']} aside={<Total state={state} />}>
      <Counts state={state} only={only} onChoose={setOnly} />
      {isEmpty ? (
        <Nothing only={only} loading={loading} onClear={() => setOnly(undefined)} />
      ) : (
        <ul className={styles['list']}>
          {only === undefined &&
            drafts.map((draft) => <DraftRow key={draft.order.orderID} shop={shop} draft={draft} />)}
          {chosen.slice(0, rows).map((known) => (
            <OrderRow
              key={known.view.payload.orderID}
              shop={shop}
              known={known}
              doing={doing.get(known.view.payload.orderID)}
              onTrack={setLinked}
            />
          ))}
        </ul>
      )}
      <div className={styles['foot']}>
        {loading === 'failed' && (
          <p>
            The earlier orders could not be loaded.{' '}
            <Button size="small" onClick={() => void shop.loadOlder()}>
              Try again
            </Button>
          </p>
        )}
        {chosen.length > rows ? (
          <Button onClick={() => setRows(rows + rowsAtOnce)}>
            Show {count(Math.min(rowsAtOnce, chosen.length - rows))} more
          </Button>
        ) : (
          hasOlder &&
          loading === 'done' && <Button onClick={() => void shop.loadOlder()}>Show older orders</Button>
        )}
        {dropped > 0 && <p>{count(dropped)} older orders are not kept in this page.</p>}
      </div>
      {linked !== undefined && (
        <TrackingDialog
          parcel={{ store: shop.store, orderID: linked }}
          onClose={() => setLinked(undefined)}
        />
      )}
    </Panel>
  );
}

function Total({ state: { orders, hasOlder, dropped } }: { state: ShopState }) {
  const isAll = !hasOlder && dropped === 0;
  return (
    <span className={styles['total']} data-num>
      {isAll ? count(orders.length) : `the newest ${count(orders.length)}`}
    </span>
  );
}

interface CountsProps {
  state: ShopState;
  only: Status | undefined;
  onChoose: (only: Status | undefined) => void;
}

/** How many there are of each status; one of them shows those alone. */
function Counts({ state: { counts }, only, onChoose }: CountsProps) {
  const shown = [...usual, ...unusual.filter((status) => counts[status] > 0 || only === status)];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div className={styles['counts']} role="group" aria-label="Orders by status">
      {shown.map((status) => (
        <button
          key={status}
          type="button"
          data-status={status}
          aria-pressed={only === status}
          onClick={() => onChoose(only === status ? undefined : status)}
        >
          <span className={styles['number']} data-num>
            {count(counts[status])}
          </span>
          <span className={styles['word']}>
            <StatusShape status={status} />
            {statusWords[status]}
          </span>
        </button>
      ))}
    </div>
  );
}

interface NothingProps {
  only: Status | undefined;
  loading: ShopState['loading'];
  onClear: () => void;
}

function Nothing({ only, loading, onClear }: NothingProps) {
  if (only !== undefined) {
    return (
      <Empty title={`No order is in the status “${statusWords[only]}”.`}>
        <Button onClick={onClear}>Show all orders</Button>
      </Empty>
    );
  }
  if (loading === 'loading') return <Empty title="Loading the orders…" />;
  return (
    <Empty title="No orders yet.">
      <p>Send one with the form, or let Auto orders make some.</p>
    </Empty>
  );
}

/** An order that the hub does not have yet. */
const DraftRow = memo(function DraftRow({ shop, draft }: { shop: Shop; draft: Draft }) {
  const { orderID, customer, address } = draft.order;
  return (
    <li
      className={styles['row']}
      data-pending={draft.refused === undefined}
      data-message={draft.refused !== undefined}
    >
      <span className={styles['status']} data-status={draft.refused === undefined ? 'none' : 'failed'}>
        <StatusShape status={draft.refused === undefined ? 'other' : 'failed'} />
        {draft.refused === undefined ? 'Sending…' : 'Not sent'}
      </span>
      <span className={styles['id']} title={orderID}>
        {orderID}
      </span>
      <span className={styles['whom']}>
        <bdi className={styles['customer']}>{customer}</bdi>
        <bdi className={styles['address']}>{address}</bdi>
      </span>
      {draft.refused !== undefined && (
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
    </li>
  );
});

interface OrderRowProps {
  shop: Shop;
  known: Known;
  doing: Doing | undefined;
  onTrack: (orderID: string) => void;
}

const OrderRow = memo(function OrderRow({ shop, known: { view }, doing, onTrack }: OrderRowProps) {
  const { orderID, customer, address } = view.payload;
  const keptFocus = useKeptFocus<HTMLSpanElement>();
  return (
    <li className={styles['row']} data-status={view.status} data-message={doing?.kind === 'refused'}>
      <span className={styles['status']}>
        <StatusMark status={view.status} />
      </span>
      <span className={styles['id']} title={orderID}>
        {orderID}
      </span>
      <span className={styles['whom']}>
        <bdi className={styles['customer']}>{customer}</bdi>
        <bdi className={styles['address']}>{address}</bdi>
      </span>
      <span className={styles['driver']}>{view.holder?.name ?? view.holder?.id}</span>
      <span className={styles['age']}>
        <Age since={view.changedAt} />
      </span>
      {doing?.kind === 'refused' && <p className={styles['message']}>{doing.message}</p>}
      <span className={styles['actions']}>
        {/* What belongs to a step comes and goes; the link is always there, and takes no focus from it. */}
        <span {...keptFocus}>
          <RowAction shop={shop} orderID={orderID} status={view.status} doing={doing} />
        </span>
        <Button size="small" look="quiet" aria-haspopup="dialog" onClick={() => onTrack(orderID)}>
          Track
        </Button>
      </span>
    </li>
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
