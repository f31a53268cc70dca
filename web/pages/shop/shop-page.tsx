import { type Ref, useRef, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { useGlide } from '../../app/glide.ts';
import { useResource, useSelect } from '../../app/hooks.ts';
import { changeName, startingName, storeName } from '../../app/names.ts';
import { NamePlate } from '../../ui/name-plate.tsx';
import { Shell } from '../../ui/shell.tsx';
import { StartsSoon } from '../../ui/starts-soon.tsx';
import { firstAuto, WayQuestion } from '../../ui/way-question.tsx';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { AutoPanel } from './auto-panel.tsx';
import { NewOrder, type NewOrderHandle } from './new-order.tsx';
import { OrderList } from './order-list.tsx';
import { Shop } from './shop.ts';
import { ShopDetails } from './shop-details.tsx';
import styles from './shop-page.module.css';
import { ThankYous } from './thank-yous.tsx';

export function Page() {
  const [store, setStore] = useState(() => startingName(storeName));
  const page = useRef<HTMLDivElement>(null);
  const form = useRef<NewOrderHandle>(null);
  const shop = useResource(() => new Shop(store), store);
  useGlide(page);
  return (
    <Shell
      page="vendor"
      title={shared().titleOf(shared().pages.vendor, store)}
      live={shop?.live}
      announcer={shop?.announcer}
    >
      {shop ? <Question shop={shop} /> : <QuestionPlaceholder />}
      <div ref={page} className={styles['page']}>
        <div className={styles['desk']}>
          <NamePlate
            of="store"
            name={store}
            isFixed={keyOf('vendor') !== undefined}
            onChange={(name) => {
              changeName(storeName, name);
              setStore(name);
            }}
          />
          {shop && <ShopDetails shop={shop} />}
          {shop && <Desk shop={shop} form={form} />}
        </div>
        {shop && <OrderList shop={shop} onCopy={(order) => form.current?.copy(order)} />}
        {shop && <ThankYous shop={shop} page={page} />}
      </div>
    </Shell>
  );
}

function Question({ shop }: { shop: Shop }) {
  const auto = useSelect(shop.state, (state) => state.auto);
  return <WayQuestion question={words().way} what={words().auto} auto={auto} simulator={shop.auto.switch} />;
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
