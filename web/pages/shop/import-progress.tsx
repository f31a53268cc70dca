import { useEffect, useRef } from 'react';
import { useSelect } from '../../app/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { shopImport as words } from '../../words/shop-import.ts';
import { answeredCount } from './import-count.ts';
import styles from './import-dialog.module.css';
import { MendButton } from './mend-button.tsx';
import { type ImportState, type OrderImport, resultOf } from './order-import.ts';
import type { Shop } from './shop.ts';

/** Refused orders that are listed one by one. */
const refusedShown = 100;

interface ImportProgressProps {
  shop: Shop;
  orders: OrderImport;
  progress: Extract<ImportState, { kind: 'sending' }>;
}

export function ImportProgress({ shop, orders, progress }: ImportProgressProps) {
  const isUp = useSelect(shop.live.state, (state) => state.isUp);
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus(), []);
  const done = answeredCount(progress);
  const texts = words().progress;
  return (
    <>
      <h3>{texts.onRecord(done, progress.total)}</h3>
      <progress className={styles['bar']} max={progress.total} value={done} aria-label={texts.label} />
      <p className={styles['quiet']}>{isUp ? texts.isUp : texts.isDown}</p>
      <div className={styles['actions']}>
        <Button ref={stop} onClick={() => orders.stop()}>
          {texts.stop}
        </Button>
      </div>
    </>
  );
}

interface ImportDoneProps {
  orders: OrderImport;
  result: Extract<ImportState, { kind: 'done' }>;
}

export function ImportDone({ orders, result }: ImportDoneProps) {
  const { refused, wasStopped, total } = result;
  const texts = words().progress;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <h3 ref={title} tabIndex={-1}>
        {resultOf(result)}
      </h3>
      {wasStopped && <p>{texts.stopped(total - answeredCount(result))}</p>}
      {refused.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
        <ul className={styles['bad']} tabIndex={0} aria-label={texts.refusedRows}>
          {refused.slice(0, refusedShown).map(({ row, why }) => (
            <li key={row.line}>
              <span className={styles['line']} data-num>
                {words().preview.line(row.line)}
              </span>
              <span className={styles['row']}>
                <bdi>{row.label}</bdi>
                <span className={styles['problem']}>{why}</span>
              </span>
            </li>
          ))}
          {refused.length > refusedShown && <li>{texts.moreRefused(refused.length - refusedShown)}</li>}
        </ul>
      )}
      <div className={styles['actions']}>
        <Button onClick={() => orders.restart()}>{texts.another}</Button>
        {refused.length > 0 && <MendButton orders={orders} />}
      </div>
    </>
  );
}
