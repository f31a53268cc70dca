import { memo } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { StatusShape } from '../../ui/status-mark.tsx';
import styles from './event-row.module.css';
import { detailText, doerText, eventWords, momentText } from './words.ts';

interface EventRowProps {
  record: CapsRecord;
  isSelected: boolean;
  isNew: boolean;
}

/**
 * One event in one line. What a click means is up to the list: `data-field` and `data-value` name a value to
 * filter by, anything else opens the parcel. Only the selected row is in the tab order, or Tab would never end.
 */
export const EventRow = memo(function EventRow({ record, isSelected, isNew }: EventRowProps) {
  const { seq, event, status, time, payload, by, via } = record;
  const { store, orderID, customer, address } = payload;
  const doer = doerText(record);
  const details = detailText(record);
  const tabIndex = isSelected ? 0 : -1;
  return (
    <li
      className={styles['row']}
      data-seq={seq}
      data-event={event}
      data-status={status}
      data-order={orderID}
      data-selected={isSelected || undefined}
      data-new={isNew || undefined}
    >
      <time className={styles['time']} dateTime={time} title={new Date(time).toLocaleString()}>
        {momentText(time)}
      </time>
      <button type="button" className={styles['open']} tabIndex={tabIndex}>
        <StatusShape status={status} />
        <span>
          {eventWords[event]}
          <span className="visually-hidden">, details of {orderID}</span>
        </span>
      </button>
      <button
        type="button"
        className={styles['order']}
        tabIndex={tabIndex}
        data-field="order"
        data-value={orderID}
        title="Show this order alone"
      >
        {orderID}
      </button>
      <span className={styles['what']}>
        <span className={styles['route']}>
          {doer !== undefined &&
            (by.role === 'driver' ? (
              <button type="button" tabIndex={tabIndex} data-field="driver" data-value={by.id} title={by.id}>
                {doer}
              </button>
            ) : (
              <span>{doer}</span>
            ))}
          {doer !== undefined && <span className={styles['arrow']}>→</span>}
          <button type="button" tabIndex={tabIndex} data-field="store" data-value={store}>
            {store}
          </button>
        </span>
        <span className={styles['rest']}>
          {details !== '' && <span className={styles['details']}>{details}</span>}
          <bdi>{customer}</bdi>, <bdi>{address}</bdi>
        </span>
      </span>
      <button
        type="button"
        className={styles['door']}
        tabIndex={tabIndex}
        data-field="via"
        data-value={via}
        title="The door it came through"
      >
        {via}
      </button>
    </li>
  );
});
