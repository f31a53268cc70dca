import { memo, useMemo } from 'react';
import type { Order } from '../../../protocol/orders.ts';
import { lines } from '../../app/lines.ts';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shopPrint as words } from '../../words/shop-print.ts';
import styles from './print-view.module.css';
import { qrShape } from './qr-shape.ts';
import type { SheetParts } from './sheet-parts.ts';
import { windowPhrase } from './window-text.ts';

/** Steps of smaller type, for orders that say much. What fits in none goes on on another sheet. */
const fits = 4;

/** One A6 label. The order's number and its code are what hands and phones look for. */
export const LabelSheet = memo(function LabelSheet({ order, parts }: { order: Order; parts: SheetParts }) {
  const { profile, store, zone } = parts;
  const { orderID, customer, address, phone, note } = order;
  const window = windowPhrase(order, zone);
  return (
    <article className={styles['label']} data-label aria-label={words().label(orderID)}>
      <p className={styles['sender']}>
        <b>
          <bdi>{profile.name || store}</bdi>
        </b>
        {profile.address && (
          <>
            {' · '}
            <bdi>{profile.address}</bdi>
          </>
        )}
        {profile.phone && (
          <>
            {' · '}
            <bdi dir="ltr">{profile.phone}</bdi>
          </>
        )}
      </p>
      <div className={styles['head']}>
        <p className={styles['number']}>
          <bdi>{orderID}</bdi>
        </p>
        <QrImage text={parts.linkTo(orderID)} label={words().code(orderID)} />
      </div>
      <p className={styles['customer']} dir="auto">
        {lines(customer)}
      </p>
      <p className={styles['address']} dir="auto">
        {lines(address)}
      </p>
      {phone !== undefined && (
        <p className={styles['phone']}>
          <bdi dir="ltr">{phone}</bdi>
        </p>
      )}
      {window && (
        <p className={styles['window']}>
          <PhraseText phrase={window} />
        </p>
      )}
      {note !== undefined && (
        <p className={styles['note']} dir="auto">
          {lines(note)}
        </p>
      )}
    </article>
  );
});

export function QrImage({ text, label }: { text: string; label: string }) {
  const { side, path } = useMemo(() => qrShape(text), [text]);
  return (
    <svg className={styles['code']} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <path d={path} stroke="#000" fill="none" shapeRendering="crispEdges" />
    </svg>
  );
}

/** Sets each label in the largest type in which it fits on its sheet. */
export function fitLabels(list: HTMLElement): void {
  let labels = Array.from(list.querySelectorAll<HTMLElement>('[data-label]'));
  for (const label of labels) label.dataset['fit'] = '0';
  for (let fit = 1; fit <= fits + 1; fit += 1) {
    // All are measured before one is changed, so that the page is laid out once for each step.
    labels = labels.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight);
    for (const label of labels) label.dataset['fit'] = fit > fits ? 'long' : String(fit);
  }
}
