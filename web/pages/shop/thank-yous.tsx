import { memo, type RefObject, useRef, useState } from 'react';
import { useGlide } from '../../app/glide.ts';
import { useSelect } from '../../app/hooks.ts';
import { oneLine } from '../../app/lines.ts';
import { count } from '../../app/numbers.ts';
import { TimeOfDay } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusShape } from '../../ui/status-mark.tsx';
import { shop as words } from '../../words/shop.ts';
import type { ThankYou } from './orders.ts';
import type { Shop } from './shop.ts';
import styles from './thank-yous.module.css';

/** So many are drawn at first, and more with each press. */
const shownAtFirst = 40;
const shownMore = 100;

interface ThankYousProps {
  shop: Shop;
  /** Which they stand in: the first ones may push the orders. */
  page: RefObject<HTMLElement | null>;
}

/** Says thank you for every delivery, once. */
export function ThankYous({ shop, page }: ThankYousProps) {
  const thanks = useSelect(shop.state, (state) => state.thanks);
  const thanked = useSelect(shop.state, (state) => state.thanked);
  const [most, setMost] = useState(shownAtFirst);
  const isCut = thanks.length > most;
  const list = useRef<HTMLUListElement>(null);
  useGlide(list);
  useGlide(page);
  return (
    <Panel
      title={words().thanks.title}
      inset="flush"
      className={styles['panel']}
      isEmpty={thanks.length === 0}
      aside={
        thanked > 0 && (
          <span className={styles['total']} data-num>
            {count(thanked)}
          </span>
        )
      }
    >
      {thanks.length === 0 ? (
        <NoThanks shop={shop} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
        <ul ref={list} className={styles['list']} tabIndex={0} aria-label={words().thanks.newestFirst}>
          {thanks.slice(0, most).map((one) => (
            <ThankYouRow key={`${one.orderID} ${one.rev}`} thanks={one} />
          ))}
        </ul>
      )}
      {isCut && (
        <p className={styles['note']}>
          <Button size="small" look="quiet" onClick={() => setMost(most + shownMore)}>
            {words().thanks.earlier}
          </Button>
        </p>
      )}
      {!isCut && thanked > thanks.length && (
        <p className={styles['note']}>{words().thanks.latest(thanks.length)}</p>
      )}
    </Panel>
  );
}

/** Those of a time before this browser knew of the shop are no news to anybody. */
function NoThanks({ shop }: { shop: Shop }) {
  const delivered = useSelect(shop.state, ({ counts }) => counts.delivered);
  const { none, noneHint, next, before, nothingNew, nothingNewHint } = words().thanks;
  if (delivered === 0) {
    return (
      <Empty title={none}>
        <p>{noneHint}</p>
      </Empty>
    );
  }
  if (shop.feed.isFirstLook) {
    return (
      <Empty title={next}>
        <p>{before(delivered)}</p>
      </Empty>
    );
  }
  return (
    <Empty title={nothingNew}>
      <p>{nothingNewHint(delivered)}</p>
    </Empty>
  );
}

const ThankYouRow = memo(function ThankYouRow({ thanks }: { thanks: ThankYou }) {
  const { orderID, customer, driver, time } = thanks;
  return (
    <li>
      <div className={styles['row']}>
        <span className={styles['check']} data-status="delivered">
          <StatusShape status="delivered" />
        </span>
        <span className={styles['text']}>
          <bdi className={styles['whom']}>{oneLine(customer)}</bdi>
          {' · '}
          {words().thanks.thanked(orderID)}
        </span>
        <span className={styles['more']}>
          {driver !== undefined && <span>{driver}</span>}
          <TimeOfDay at={time} />
        </span>
      </div>
    </li>
  );
});
