import { type DOMAttributes, memo, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { Order } from '../../../protocol/orders.ts';
import { useSelect, useStore } from '../../app/hooks.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { statusParts } from '../../app/life-words.ts';
import { count } from '../../app/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useWordWidth } from '../../ui/word-width.ts';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { useFilter } from './filter-state.ts';
import { ImportButton } from './import-button.tsx';
import { draftPrefix, ListHold } from './list-hold.ts';
import { MoreMenu } from './more-menu.tsx';
import { OrderCounts } from './order-counts.tsx';
import { everything, filterOrders, isEverything, type OrderFilter } from './order-filter.ts';
import styles from './order-list.module.css';
import { DraftRow, type OrderDialogKind, OrderRow } from './order-row.tsx';
import { OrderRows } from './order-rows.tsx';
import { isUrgent, type PlacedOrder } from './placed-orders.ts';
import type { PrintedOrder } from './print-job.ts';
import { SearchBox } from './search-box.tsx';
import type { Shop } from './shop.ts';

const loadTracking = async () => ({ Content: (await import('./tracking-dialog.tsx')).TrackingDialog });
const loadDetails = async () => ({ Content: (await import('./order-dialog.tsx')).OrderDialog });

/** @returns what holds the rows, and what tells it that somebody is at them */
function useListHold(): { hold: ListHold; handlers: DOMAttributes<HTMLElement> } {
  const hold = useRef<ListHold>(undefined);
  hold.current ??= new ListHold();
  const { current } = hold;
  const touch = () => current.touch();
  const lift = () => current.lift();
  const press = () => current.press();
  const handlers = {
    onPointerDown: press,
    onPointerUp: lift,
    onPointerCancel: lift,
    onPointerLeave: lift,
    onPointerMove: touch,
    onKeyDown: touch,
    onFocus: touch,
  };
  return { hold: current, handlers };
}

interface OrderListProps {
  shop: Shop;
  /** Fills the form with an order. */
  onCopy: (order: Order) => void;
  /** Shows labels, to print them. */
  onPrint: (orders: readonly PrintedOrder[]) => void;
}

/**
 * The store's orders: what needs attention, then the newest first, each with its status as it is now.
 */
export function OrderList({ shop, onCopy, onPrint }: OrderListProps) {
  const [filter, setFilter] = useFilter();
  const search = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<{ order: Order; what: OrderDialogKind }>();
  const open = useCallback((order: Order, what: OrderDialogKind) => setOpened({ order, what }), []);
  const close = () => setOpened(undefined);
  const { hold, handlers } = useListHold();
  const list = useRef<HTMLDivElement>(null);
  useWordWidth(list, statusParts());
  // The box shows the text at once; the list renders with low priority.
  const wanted = useDeferredValue(filter);
  const clear = useCallback(() => {
    setFilter(everything);
    search.current?.focus();
  }, [setFilter]);
  return (
    <Panel
      title={words().orders}
      inset="flush"
      className={styles['panel']}
      aside={
        <>
          <HeldBackButton hold={hold} />
          <Total shop={shop} />
        </>
      }
    >
      <OrderCounts shop={shop} filter={filter} onFilter={setFilter} />
      <div className={styles['tools']}>
        <SearchBox
          box={search}
          value={filter.search}
          onChange={(text) => setFilter({ ...filter, search: text })}
        />
        <ImportButton shop={shop} />
        <MoreMenu shop={shop} filter={wanted} onPrint={onPrint} />
      </div>
      <div ref={list} {...handlers}>
        <FilteredOrders shop={shop} hold={hold} filter={wanted} onClear={clear} onOpen={open} />
      </div>
      <Foot shop={shop} />
      {opened?.what === 'tracking' && (
        <OnDemand load={loadTracking} props={{ order: opened.order, onClose: close }} />
      )}
      {opened?.what === 'details' && (
        <OnDemand
          load={loadDetails}
          props={{ shop, orderID: opened.order.orderID, onCopy, onPrint, onClose: close }}
        />
      )}
    </Panel>
  );
}

/** Shows the number of waiting rows, and lets them in. */
function HeldBackButton({ hold }: { hold: ListHold }) {
  const waiting = useStore(hold.waiting);
  if (waiting === 0) return null;
  return (
    <Button look="quiet" size="small" className={styles['waiting']} onClick={() => hold.release()}>
      {words().newOrders(waiting)} ↑
    </Button>
  );
}

/** Orders for later that stand in the list until somebody folds them up; more are folded up until somebody unfolds them. */
const laterOpenMax = 10;

interface FilteredOrdersProps {
  shop: Shop;
  hold: ListHold;
  filter: OrderFilter;
  onClear: () => void;
  onOpen: (order: Order, what: OrderDialogKind) => void;
}

/** The filtered orders, or why there are none. */
const FilteredOrders = memo(function Shown({ shop, hold, filter, onClear, onOpen }: FilteredOrdersProps) {
  const orders = useSelect(shop.state, (state) => state.orders);
  const ids = useSelect(shop.state, (state) => state.ids);
  const hasDrafts = useSelect(shop.state, ({ drafts }) => drafts.length > 0);
  const isFiltered = !isEverything(filter);
  const later = useSelect(shop.state, (state) => state.later);
  const [wantsLater, setWantsLater] = useState<boolean>();
  const isLaterOpen = isFiltered || (wantsLater ?? later <= laterOpenMax);
  // A change of lateness makes another list.
  const shown = useMemo(() => {
    const found = filterOrders(orders, filter, hubClock.now());
    return isLaterOpen ? found : found.filter(({ rank }) => rank !== 'later');
  }, [orders, filter, isLaterOpen]);
  const shownIds = useMemo(
    () => (isFiltered || !isLaterOpen ? shown.map(({ view }) => view.payload.orderID) : ids),
    [isFiltered, isLaterOpen, shown, ids],
  );
  return (
    <>
      {isFiltered && shown.length > 0 && (
        <p className={styles['found']}>
          <span data-num>{words().match(shown.length, orders.length)}</span>
          <Button size="small" look="quiet" onClick={onClear}>
            {words().clear}
          </Button>
        </p>
      )}
      {!isFiltered && later > 0 && (
        <p className={styles['found']}>
          <Button
            size="small"
            look="quiet"
            aria-expanded={isLaterOpen}
            onClick={() => setWantsLater(!isLaterOpen)}
          >
            {words().forLater(later)} <span aria-hidden="true">{isLaterOpen ? '▴' : '▾'}</span>
          </Button>
        </p>
      )}
      <Rows shop={shop} hold={hold} shown={shown} ids={shownIds} onOpen={onOpen} />
      {shown.length === 0 && (isFiltered || later === 0) && !hasDrafts && (
        <NoOrders shop={shop} isFiltered={isFiltered} onClear={onClear} />
      )}
    </>
  );
});

interface RowsProps {
  shop: Shop;
  hold: ListHold;
  shown: readonly PlacedOrder[];
  ids: readonly string[];
  onOpen: (order: Order, what: OrderDialogKind) => void;
}

/** The rows. Drafts are never filtered out: they may have to be sent again. */
function Rows({ shop, hold, shown, ids, onOpen }: RowsProps) {
  const drafts = useSelect(shop.state, (state) => state.drafts);
  const actions = useSelect(shop.state, (state) => state.actions);
  const said = useSelect(shop.state, (state) => state.said);
  useStore(hold.released);
  const keys = useMemo(
    () => (drafts.length === 0 ? ids : [...drafts.map(({ order }) => draftPrefix + order.orderID), ...ids]),
    [drafts, ids],
  );
  const order = hold.arrange(keys);
  const places = useMemo(
    () => (order === keys ? undefined : new Map(keys.map((key, place) => [key, place]))),
    [order, keys],
  );
  if (keys.length === 0) return null;
  /** Maps a drawn position to the sorted one. */
  const belongs = (place: number) => (places ? (places.get(order[place] ?? '') ?? -1) : place);
  const row = (place: number) => {
    const at = belongs(place);
    const draft = drafts[at];
    if (draft) return <DraftRow shop={shop} draft={draft} />;
    const known = shown[at - drafts.length];
    if (!known) return null;
    const { orderID } = known.view.payload;
    return (
      <>
        <GroupHead known={known} before={shown[belongs(place - 1) - drafts.length]} />
        <OrderRow
          shop={shop}
          known={known}
          action={actions.get(orderID)}
          said={said.get(orderID)}
          onOpen={onOpen}
        />
      </>
    );
  };
  return <OrderRows keys={order} row={row} />;
}

function groupOf(order: PlacedOrder): 'urgent' | 'later' | 'rest' {
  if (isUrgent(order)) return 'urgent';
  return order.rank === 'later' ? 'later' : 'rest';
}

/** Above the first of each kind. */
function GroupHead({ known, before }: { known: PlacedOrder; before: PlacedOrder | undefined }) {
  if (before && groupOf(before) === groupOf(known)) return null;
  const group = groupOf(known);
  // Nothing where all are of the usual kind, or the button right above says it.
  return before || group === 'urgent' ? <h3 className={styles['group']}>{words()[group]}</h3> : null;
}

function Total({ shop }: { shop: Shop }) {
  const total = useSelect(shop.state, ({ orders }) => orders.length);
  const isAll = useSelect(shop.state, ({ hasOlder, dropped }) => !hasOlder && dropped === 0);
  return (
    <span className={styles['total']} data-num>
      {isAll ? count(total) : words().newest(total)}
    </span>
  );
}

interface NoOrdersProps {
  shop: Shop;
  isFiltered: boolean;
  onClear: () => void;
}

const samplesAtOnce = 5;

function NoOrders({ shop, isFiltered, onClear }: NoOrdersProps) {
  const { list } = words();
  const [hasFailed, setFailed] = useState(false);
  const total = useSelect(shop.state, ({ orders }) => orders.length);
  const loading = useSelect(shop.state, (state) => state.loading);
  const isReal = useSelect(shop.state, ({ auto }) => auto.way === 'real');
  if (isFiltered && total > 0) {
    return (
      <Empty title={words().match(0, total)}>
        {loading === 'loading' && <p>{list.stillComing}</p>}
        <Button onClick={onClear}>{words().clear}</Button>
      </Empty>
    );
  }
  if (loading === 'loading') return <Empty title={list.loading} />;
  if (loading === 'failed') return null;
  return (
    <Empty title={list.empty}>
      <p>{isReal ? list.emptyHint : list.emptyHintTrying}</p>
      {!isReal && (
        <Button onClick={() => shop.sendSamples(samplesAtOnce).catch(() => setFailed(true))}>
          {list.samples(samplesAtOnce)}
        </Button>
      )}
      {hasFailed && <p role="alert">{list.samplesMissing}</p>}
    </Empty>
  );
}

/** Says which orders are missing, and why. */
function Foot({ shop }: { shop: Shop }) {
  const { list } = words();
  const loading = useSelect(shop.state, (state) => state.loading);
  const total = useSelect(shop.state, ({ orders }) => orders.length);
  const isAll = useSelect(shop.state, ({ hasOlder, dropped }) => !hasOlder && dropped === 0);
  return (
    <div className={styles['foot']}>
      {loading === 'failed' && (
        <p>
          {list.missing}{' '}
          <Button size="small" onClick={() => void shop.feed.loader.load()}>
            {shared().tryAgain}
          </Button>
        </p>
      )}
      {loading === 'loading' && total > 0 && <p>{list.loadingOlder}</p>}
      {loading === 'done' && !isAll && <p>{list.keeps(total)}</p>}
    </div>
  );
}
