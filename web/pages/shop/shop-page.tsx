import { type Ref, useRef, useState } from 'react';
import { keyOf } from '../../app/access-key.ts';
import { useGlide } from '../../app/glide.ts';
import { useResource, useSelect } from '../../app/hooks.ts';
import { changeName, startingName, storeName } from '../../app/names.ts';
import { NamePlate } from '../../ui/name-plate.tsx';
import { Shell } from '../../ui/shell.tsx';
import { StartsSoon } from '../../ui/starts-soon.tsx';
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
          <ShopDetails store={store} />
          {shop && <Desk shop={shop} form={form} />}
        </div>
        {shop && <OrderList shop={shop} onCopy={(order) => form.current?.copy(order)} />}
        {shop && <ThankYous shop={shop} page={page} />}
      </div>
    </Shell>
  );
}

/** Where orders are made. */
function Desk({ shop, form }: { shop: Shop; form: Ref<NewOrderHandle> }) {
  const auto = useSelect(shop.state, (state) => state.auto);
  const everySeconds = useSelect(shop.state, (state) => state.everySeconds);
  return (
    <>
      {/* On a phone it is at the other end of the page. */}
      <div className={styles['toSimulator']}>
        <a href="#simulator">{words().simulator}</a>
        <StartsSoon at={auto.startsAt} what={words().auto} onNotNow={() => shop.auto.switch.set(false)} />
      </div>
      <div id="simulator" className={styles['simulator']}>
        <AutoPanel shop={shop} auto={auto} everySeconds={everySeconds} />
      </div>
      <NewOrder ref={form} shop={shop} />
    </>
  );
}
