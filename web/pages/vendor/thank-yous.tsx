import { memo } from 'react';
import { count } from '../../numbers.ts';
import { TimeOfDay } from '../../ui/age.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusShape } from '../../ui/status-mark.tsx';
import type { Thanks } from './orders.ts';
import styles from './thank-yous.module.css';

interface ThankYousProps {
  /** Newest first. */
  thanks: readonly Thanks[];
  thanked: number;
}

/** Says thank you for every delivery, once. */
export function ThankYous({ thanks, thanked }: ThankYousProps) {
  return (
    <Panel
      title="Thank-yous"
      inset="flush"
      className={styles['panel']}
      aside={
        thanked > 0 && (
          <span className={styles['total']} data-num>
            {count(thanked)}
          </span>
        )
      }
    >
      {thanks.length === 0 ? (
        <Empty title="No thank-yous yet.">
          <p>Each delivery is thanked for here, also one made while this page is closed.</p>
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
        <ul className={styles['list']} tabIndex={0} aria-label="Thank-yous, newest first">
          {thanks.map((one) => (
            <ThankYou key={`${one.orderID} ${one.rev}`} thanks={one} />
          ))}
        </ul>
      )}
      {thanked > thanks.length && (
        <p className={styles['note']}>The latest {count(thanks.length)} are shown.</p>
      )}
    </Panel>
  );
}

const ThankYou = memo(function ThankYou({ thanks: { orderID, driver, time } }: { thanks: Thanks }) {
  return (
    <li className={styles['row']}>
      <span className={styles['check']} data-status="delivered">
        <StatusShape status="delivered" />
      </span>
      <span className={styles['text']}>Thank you for delivering {orderID}</span>
      <span className={styles['more']}>
        {driver !== undefined && <span>{driver}</span>}
        <TimeOfDay at={time} />
      </span>
    </li>
  );
});
