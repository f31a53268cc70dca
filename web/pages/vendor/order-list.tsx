import { memo, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { isLate } from '../../due.ts';
import { useNow } from '../../hooks.ts';
import { count } from '../../numbers.ts';
import type { Known } from '../../parcels.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useFilter } from './filter-state.ts';
import { ImportButton } from './import-button.tsx';
import { OrderCounts } from './order-counts.tsx';
import { OrderDialog } from './order-dialog.tsx';
import { downloadOrders } from './order-export.ts';
import { everything, filtered, isEverything } from './order-filter.ts';
import styles from './order-list.module.css';
import { DraftRow, type Opening, OrderRow } from './order-row.tsx';
import { OrderRows } from './order-rows.tsx';
import { SearchBox } from './search-box.tsx';
import type { Shop, ShopState } from './shop.ts';
import { TrackingDialog } from './tracking-dialog.tsx';

interface OrderListProps {
  shop: Shop;
  state: ShopState;
}

/** The store's orders, newest first, each with its status as it is now. */
export function OrderList({ shop, state }: OrderListProps) {
  const { drafts, orders } = state;
  const [filter, setFilter] = useFilter();
  const search = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<{ orderID: string; what: Opening }>();
  const open = useCallback((orderID: string, what: Opening) => setOpened({ orderID, what }), []);
  const now = useNow();
  const late = useMemo(() => orders.filter(({ view }) => isLate(view, now)).length, [orders, now]);
  // What is typed shows at once; the list follows when there is time.
  const wanted = useDeferredValue(filter);
  const lateAt = wanted.late ? now : 0;
  const shown = useMemo(() => filtered(orders, wanted, lateAt), [orders, wanted, lateAt]);
  const clear = () => {
    setFilter(everything);
    search.current?.focus();
  };
  return (
    <Panel title="Orders" inset="flush" className={styles['panel']} aside={<Total state={state} />}>
      <OrderCounts counts={state.counts} late={late} filter={filter} onFilter={setFilter} />
      <div className={styles['tools']}>
        <SearchBox
          box={search}
          value={filter.search}
          onChange={(text) => setFilter({ ...filter, search: text })}
        />
        <ImportButton shop={shop} />
        <Button disabled={shown.length === 0} onClick={() => downloadOrders(shop.store, shown)}>
          Export CSV
        </Button>
      </div>
      {!isEverything(wanted) && shown.length > 0 && (
        <p className={styles['found']}>
          <span data-num>
            {count(shown.length)} of {count(orders.length)} match.
          </span>
          <Button size="small" look="quiet" onClick={clear}>
            Clear filters
          </Button>
        </p>
      )}
      <Rows shop={shop} state={state} shown={shown} onOpen={open} />
      {shown.length === 0 && drafts.length === 0 && (
        <Nothing shop={shop} state={state} isFiltered={!isEverything(wanted)} onClear={clear} />
      )}
      <Foot shop={shop} state={state} />
      {opened?.what === 'tracking' && (
        <TrackingDialog
          parcel={{ store: shop.store, orderID: opened.orderID }}
          onClose={() => setOpened(undefined)}
        />
      )}
      {opened?.what === 'details' && (
        <OrderDialog
          shop={shop}
          known={orders.find(({ view }) => view.payload.orderID === opened.orderID)}
          onClose={() => setOpened(undefined)}
        />
      )}
    </Panel>
  );
}

interface RowsProps {
  shop: Shop;
  state: ShopState;
  shown: readonly Known[];
  onOpen: (orderID: string, what: Opening) => void;
}

/** What is still on its way is never filtered out: it may have to be sent again. */
const Rows = memo(function Rows({ shop, state: { drafts, doing, said }, shown, onOpen }: RowsProps) {
  const keys = useMemo(
    () => [
      ...drafts.map(({ order }) => `draft ${order.orderID}`),
      ...shown.map(({ view }) => view.payload.orderID),
    ],
    [drafts, shown],
  );
  if (keys.length === 0) return null;
  const row = (place: number) => {
    const draft = drafts[place];
    if (draft) return <DraftRow shop={shop} draft={draft} />;
    const known = shown[place - drafts.length];
    if (!known) return null;
    const { orderID } = known.view.payload;
    return (
      <OrderRow
        shop={shop}
        known={known}
        doing={doing.get(orderID)}
        said={said.get(orderID)}
        onOpen={onOpen}
      />
    );
  };
  return <OrderRows keys={keys} row={row} />;
});

function Total({ state: { orders, hasOlder, dropped } }: { state: ShopState }) {
  const isAll = !hasOlder && dropped === 0;
  return (
    <span className={styles['total']} data-num>
      {isAll ? count(orders.length) : `the newest ${count(orders.length)}`}
    </span>
  );
}

interface NothingProps {
  shop: Shop;
  state: ShopState;
  isFiltered: boolean;
  onClear: () => void;
}

const samplesAtOnce = 5;

function Nothing({ shop, state: { orders, loading }, isFiltered, onClear }: NothingProps) {
  const [hasFailed, setFailed] = useState(false);
  if (isFiltered && orders.length > 0) {
    return (
      <Empty title={`0 of ${count(orders.length)} match.`}>
        {loading === 'loading' && <p>Older orders are still coming in.</p>}
        <Button onClick={onClear}>Clear filters</Button>
      </Empty>
    );
  }
  if (loading === 'loading') return <Empty title="Loading the orders…" />;
  if (loading === 'failed') return null;
  return (
    <Empty title="No orders yet.">
      <p>Send one with the form, import a file, or let Auto orders make some.</p>
      <Button onClick={() => shop.sendSamples(samplesAtOnce).catch(() => setFailed(true))}>
        Send {count(samplesAtOnce)} samples
      </Button>
      {hasFailed && <p role="alert">The samples could not be loaded. Try again.</p>}
    </Empty>
  );
}

/** What is not in the list, and why. */
function Foot({ shop, state: { loading, hasOlder, dropped, orders } }: OrderListProps) {
  return (
    <div className={styles['foot']}>
      {loading === 'failed' && (
        <p>
          The earlier orders could not be loaded.{' '}
          <Button size="small" onClick={() => shop.loadAgain()}>
            Try again
          </Button>
        </p>
      )}
      {loading === 'loading' && orders.length > 0 && <p>Loading older orders…</p>}
      {loading === 'done' && (hasOlder || dropped > 0) && (
        <p>This page keeps the newest {count(orders.length)}; older ones are in the log.</p>
      )}
    </div>
  );
}
