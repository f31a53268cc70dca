import { type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import type { Order } from '../../../protocol/orders.ts';
import { useResource, useStore, useTime } from '../../app/hooks.ts';
import { oneLine } from '../../app/lines.ts';
import { count, dateFormat } from '../../app/numbers.ts';
import { asDay, dayRange } from '../../app/zoned-day.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark, StatusShape } from '../../ui/status-mark.tsx';
import { shared } from '../../words/shared.ts';
import { shopDay as words } from '../../words/shop-day.ts';
import { type DayAddress, dayInAddress, dayLink, dayMeant, namedDays } from './day-address.ts';
import { clockOf, type DayClock } from './day-clock.ts';
import styles from './day-panel.module.css';
import { DayRepeats } from './day-repeats.tsx';
import { countIn, type DayCounts, type DayOrder, type DayPart, dayParts, isOfPart } from './day-tally.ts';
import { type DayState, DayView } from './day-view.ts';
import { ExportButton } from './export-button.tsx';
import { OrderRows } from './order-rows.tsx';
import { goTo, useQuery } from './page-address.ts';
import { type PrintedOrder, type PrintKind, printedOf } from './print-job.ts';
import type { Shop } from './shop.ts';
import { useShopZone } from './shop-zone.ts';

const loadDetails = async () => ({ Content: (await import('./order-dialog.tsx')).OrderDialog });

export interface DayPanelProps {
  shop: Shop;
  onCopy: (order: Order) => void;
  onPrint: (orders: readonly PrintedOrder[], kind?: PrintKind) => void;
}

/** The shop's orders for a day, and what became of them, in place of their list. */
export function DayPanel(props: DayPanelProps) {
  const zone = useShopZone(props.shop.store);
  const address = dayInAddress(useQuery());
  return (
    <Panel
      title={words().title}
      inset="flush"
      className={styles['panel']}
      aside={
        <DayLink to={undefined} className={styles['back']}>
          {words().back}
        </DayLink>
      }
    >
      {zone !== undefined && <DayIn {...props} zone={zone} address={address} />}
    </Panel>
  );
}

/** A link that the page follows without loading again. */
function DayLink({
  to,
  className,
  isCurrent,
  label,
  children,
}: {
  to: DayAddress | undefined;
  className?: string | undefined;
  isCurrent?: boolean;
  label?: string;
  children: ReactNode;
}) {
  const href = dayLink(to);
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(href);
  };
  return (
    <a
      href={href}
      className={className}
      aria-current={isCurrent || undefined}
      aria-label={label}
      onClick={follow}
    >
      {children}
    </a>
  );
}

interface DayInProps extends DayPanelProps {
  zone: string;
  address: DayAddress;
}

function DayIn(props: DayInProps) {
  const { shop, address, zone } = props;
  // Today is another day after midnight.
  const day = useTime((now) => dayMeant(address.day, zone, now));
  const named = {
    yesterday: useTime((now) => dayMeant('yesterday', zone, now)),
    today: useTime((now) => dayMeant('today', zone, now)),
    tomorrow: useTime((now) => dayMeant('tomorrow', zone, now)),
  };
  const { client } = shop.live;
  const view = useResource(
    () => new DayView({ store: shop.store, zone, day, client }),
    `${shop.store}\n${zone}\n${day}`,
  );
  return (
    <>
      <div className={styles['head']}>
        <nav className={styles['days']} aria-label={words().choose}>
          {namedDays.map((name) => (
            <DayLink key={name} to={{ ...address, day: name }} isCurrent={day === named[name]}>
              {words()[name]}
            </DayLink>
          ))}
          <input
            type="date"
            aria-label={words().other}
            value={day}
            onChange={({ currentTarget }) => {
              const chosen = asDay(currentTarget.value);
              if (chosen !== undefined) goTo(dayLink({ ...address, day: chosen }));
            }}
          />
        </nav>
        <DayTitle day={day} zone={zone} />
      </div>
      {view && <DayContents {...props} day={day} view={view} />}
    </>
  );
}

function DayTitle({ day, zone }: { day: string; zone: string }) {
  const { from, to } = dayRange(zone, day);
  const hours = (to - from) / 3_600_000;
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <p className={styles['title']}>
      <b>{dateFormat({ timeZone: 'UTC', dateStyle: 'full' })().format(Date.parse(`${day}T00:00:00Z`))}</b>
      <span>{words().counting}</span>
      {hours !== 24 && <span>{words().length(hours)}</span>}
      {zone !== own && <span>{words().clock(zone)}</span>}
    </p>
  );
}

interface DayContentsProps extends DayInProps {
  day: string;
  view: DayView;
}

function DayContents({ shop, zone, address, day, view, onCopy, onPrint }: DayContentsProps) {
  const state = useStore(view.state);
  if (state.kind === 'failed') {
    return (
      <Empty title={state.problem ?? ''}>
        <Button onClick={() => void view.load()}>{shared().tryAgain}</Button>
      </Empty>
    );
  }
  if (state.kind === 'loading') return <Empty title={words().reading} />;
  return (
    <>
      <DayNumbers state={state} address={address} />
      <DayRepeats store={shop.store} day={day} orders={state.counts.all} />
      <DayOrders
        shop={shop}
        zone={zone}
        day={day}
        address={address}
        orders={state.orders}
        onCopy={onCopy}
        onPrint={onPrint}
      />
    </>
  );
}

const shapes = { 'on-time': 'delivered', late: 'other', open: 'ready' } as const;

function shapeOf(part: DayPart) {
  return part === 'on-time' || part === 'late' || part === 'open' ? shapes[part] : part;
}

function DayNumbers({ state, address }: { state: DayState; address: DayAddress }) {
  const { counts, drivers, damaged } = state;
  return (
    <>
      <nav className={styles['counts']} aria-label={words().counts}>
        <DayLink
          to={{ day: address.day, part: undefined, driver: undefined }}
          isCurrent={isShown(address, undefined, undefined)}
        >
          <span className={styles['number']} data-num>
            {count(counts.all)}
          </span>
          <span className={styles['word']}>{words().all}</span>
        </DayLink>
        {dayParts.map((part) => (
          <DayLink
            key={part}
            to={{ ...address, driver: undefined, part: isShown(address, part, undefined) ? undefined : part }}
            isCurrent={isShown(address, part, undefined)}
          >
            <span className={styles['number']} data-num>
              {count(countIn(counts, part))}
            </span>
            <span className={styles['word']} data-status={shapeOf(part)}>
              <StatusShape status={shapeOf(part)} />
              {words().part[part]}
            </span>
          </DayLink>
        ))}
      </nav>
      {damaged > 0 && <p className={styles['note']}>{words().damaged(damaged)}</p>}
      {drivers.length > 0 && (
        <section className={styles['drivers']} aria-label={words().byDriver}>
          <h3>{words().byDriver}</h3>
          <ul>
            {drivers.map(({ driver, ...own }) => (
              <li key={driver?.id ?? ''}>
                <DriverLinks address={address} driver={driver?.id ?? ''} name={driver?.name} counts={own} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function isShown(address: DayAddress, part: DayPart | undefined, driver: string | undefined): boolean {
  return address.part === part && address.driver === driver;
}

interface DriverLinksProps {
  address: DayAddress;
  driver: string;
  name: string | undefined;
  counts: DayCounts;
}

/** A courier and what they did. What they had none of is left out. */
function DriverLinks({ address, driver, name = words().noDriver, counts }: DriverLinksProps) {
  const parts = dayParts.filter((part) => countIn(counts, part) > 0);
  const link = (part: DayPart | undefined) => ({ ...address, driver, part });
  return (
    <>
      <DayLink
        to={link(undefined)}
        className={styles['driver']}
        isCurrent={isShown(address, undefined, driver)}
      >
        <bdi>{name}</bdi>
      </DayLink>
      <span className={styles['parts']}>
        {parts.map((part) => (
          <DayLink
            key={part}
            to={link(part)}
            isCurrent={isShown(address, part, driver)}
            label={`${name}: ${count(countIn(counts, part))} ${words().part[part]}`}
          >
            <b data-num>{count(countIn(counts, part))}</b> {words().part[part]}
          </DayLink>
        ))}
      </span>
    </>
  );
}

interface DayOrdersProps extends DayInProps {
  day: string;
  orders: readonly DayOrder[];
}

/** The orders of the day, or of the part of it that was chosen, with what to do with them. */
function DayOrders({ shop, zone, day, address, orders, onCopy, onPrint }: DayOrdersProps) {
  const [opened, setOpened] = useState<string>();
  const clock = useMemo(() => clockOf(zone, day), [zone, day]);
  const shown = orders.filter((order) => isOfPart(order, address));
  const isPart = address.part !== undefined || address.driver !== undefined;
  const print = (kind: PrintKind) =>
    onPrint(
      shown.map(({ view }) => printedOf(view)),
      kind,
    );
  if (orders.length === 0) return <Empty title={words().none} />;
  return (
    <>
      <div className={styles['tools']}>
        <ExportButton
          store={shop.store}
          isEmpty={shown.length === 0}
          words={words()}
          take={() => shown.map(({ view }) => view)}
          day={day}
        />
        <Button disabled={shown.length === 0} onClick={() => print('labels')}>
          {words().labels}
        </Button>
        <Button disabled={shown.length === 0} onClick={() => print('lists')}>
          {words().list}
        </Button>
        {isPart && (
          <p className={styles['found']}>
            <span data-num>{words().found(shown.length, orders.length)}</span>{' '}
            <DayLink to={{ day: address.day, part: undefined, driver: undefined }}>{words().showAll}</DayLink>
          </p>
        )}
      </div>
      {shown.length === 0 ? (
        <Empty title={words().noneHere} />
      ) : (
        <section aria-label={words().orders}>
          <OrderRows
            keys={shown.map(({ view }) => view.payload.orderID)}
            row={(place) => <DayRow shown={shown[place]} clock={clock} onOpen={setOpened} />}
          />
        </section>
      )}
      {opened !== undefined && (
        <OnDemand
          load={loadDetails}
          props={{ shop, orderID: opened, onCopy, onPrint, onClose: () => setOpened(undefined) }}
        />
      )}
    </>
  );
}

interface DayRowProps {
  shown: DayOrder | undefined;
  clock: DayClock;
  onOpen: (orderID: string) => void;
}

function DayRow({ shown, clock, onOpen }: DayRowProps) {
  if (!shown) return null;
  const { view, outcome, isLate, driver, at } = shown;
  const { orderID, customer, address } = view.payload;
  const due = clock.due(view.payload);
  return (
    <div className={styles['row']}>
      <StatusMark status={view.status} />
      <div>
        <button
          type="button"
          aria-haspopup="dialog"
          aria-label={words().details(orderID, customer)}
          onClick={() => onOpen(orderID)}
        >
          <bdi>{oneLine(customer)}</bdi>
          {' · '}
          <bdi>{orderID}</bdi>
        </button>
        <p className={styles['address']}>
          <bdi>{oneLine(address)}</bdi>
        </p>
      </div>
      <span className={styles['facts']}>
        {isLate && <b>{words().part.late}</b>}
        {due !== undefined && <span>{due}</span>}
        {driver && <bdi>{driver.name}</bdi>}
        {outcome !== 'open' && at !== undefined && (
          <time dateTime={new Date(at).toISOString()}>{clock.moment(at)}</time>
        )}
      </span>
    </div>
  );
}
