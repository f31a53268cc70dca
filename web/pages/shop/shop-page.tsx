import { type Ref, useRef, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { useGlide } from '../../app/glide.ts';
import { useResource, useSelect } from '../../app/hooks.ts';
import { changeName, startingName, storeName } from '../../app/names.ts';
import { NamePlate } from '../../ui/name-plate.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { Shell } from '../../ui/shell.tsx';
import { StartsSoon } from '../../ui/starts-soon.tsx';
import { firstAuto, WayQuestion } from '../../ui/way-question.tsx';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { AutoPanel } from './auto-panel.tsx';
import { NewOrder, type NewOrderHandle } from './new-order.tsx';
import { usePrinting } from './printing.ts';
import { Shop } from './shop.ts';
import { ShopDetails } from './shop-details.tsx';
import { ShopOrders } from './shop-orders.tsx';
import styles from './shop-page.module.css';
import type { ShopState } from './shop-state.ts';
import { ThankYous } from './thank-yous.tsx';

/** Until there is a shop. */
const nothing = { get: () => undefined, subscribe: () => () => {} };

const loadLeft = async () => ({ Content: (await import('./samples-left.tsx')).SamplesLeft });
const loadPrint = async () => ({ Content: (await import('./print-view.tsx')).PrintView });

export function Page() {
  const [store, setStore] = useState(() => startingName(storeName));
  const page = useRef<HTMLDivElement>(null);
  const form = useRef<NewOrderHandle>(null);
  const shop = useResource(() => new Shop(store), store);
  const called = useSelect<ShopState | undefined, string | undefined>(
    shop?.state ?? nothing,
    (state) => state?.profile.name,
  );
  const { job, print, close } = usePrinting();
  useGlide(page);
  return (
    <Shell
      page="vendor"
      title={shared().titleOf(shared().pages.vendor, called ?? store)}
      live={shop?.live}
      announcer={shop?.announcer}
    >
      {job === undefined && (shop ? <Question shop={shop} /> : <QuestionPlaceholder />)}
      {job === undefined && shop && <Leftovers key={store} shop={shop} />}
      {/* Kept while something is printed, with what was typed. */}
      <div ref={page} className={styles['page']} hidden={job !== undefined}>
        <div className={styles['desk']}>
          <NamePlate
            of="store"
            name={store}
            called={called}
            isFixed={keyOf('vendor') !== undefined}
            onChange={(name) => {
              changeName(storeName, name);
              setStore(name);
            }}
          />
          {shop && <ShopDetails shop={shop} />}
          {shop && <Desk shop={shop} form={form} />}
        </div>
        {shop && <ShopOrders shop={shop} form={form} onPrint={print} />}
        {shop && <ThankYous shop={shop} page={page} />}
      </div>
      {job && <OnDemand load={loadPrint} props={{ store, job, onClose: close }} />}
    </Shell>
  );
}

function Question({ shop }: { shop: Shop }) {
  const auto = useSelect(shop.state, (state) => state.auto);
  return <WayQuestion question={words().way} what={words().auto} auto={auto} simulator={shop.auto.switch} />;
}

/** Offers to cancel the samples of a shop that works for real now. */
function Leftovers({ shop }: { shop: Shop }) {
  const isReal = useSelect(shop.state, ({ auto }) => auto.way === 'real');
  return isReal && <OnDemand load={loadLeft} props={{ shop, onClose: () => {} }} />;
}

/** Keeps the space of the question. */
function QuestionPlaceholder() {
  const [auto] = useState(() => firstAuto('store'));
  return <WayQuestion question={words().way} what={words().auto} auto={auto} simulator={undefined} />;
}

/** Where orders are made. */
function Desk({ shop, form }: { shop: Shop; form: Ref<NewOrderHandle> }) {
  const auto = useSelect(shop.state, (state) => state.auto);
  const everySeconds = useSelect(shop.state, (state) => state.everySeconds);
  const isReal = auto.way === 'real';
  return (
    <>
      {/* It is at the other end of the page, out of the way of the orders. */}
      {!isReal && (
        <div className={styles['toSimulator']}>
          <a href="#simulator">{words().simulator}</a>
          {auto.way === 'try' && (
            <StartsSoon at={auto.startsAt} what={words().auto} onNotNow={() => shop.auto.switch.set(false)} />
          )}
        </div>
      )}
      <NewOrder ref={form} shop={shop} hasSamples={!isReal} />
      {!isReal && (
        <div id="simulator" className={styles['simulator']}>
          <AutoPanel shop={shop} auto={auto} everySeconds={everySeconds} />
        </div>
      )}
    </>
  );
}
