import { memo } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { StatusShape } from '../../ui/status-mark.tsx';
import styles from './event-row.module.css';
import { detailText, doerText, eventWords, fullText, momentText } from './words.ts';

interface EventRowProps {
  record: CapsRecord;
  isSelected: boolean;
  /** Answers to a search that marks and does not leave out. */
  isHit: boolean;
  isNew: boolean;
}

/**
 * One event in one line. What a click means is up to the list: `data-field` and `data-value` name a value to
 * filter by, without a field as words; anything else opens the parcel. Only the selected row is in the tab order,
 * or Tab would never end.
 */
export const EventRow = memo(function EventRow({ record, isSelected, isHit, isNew }: EventRowProps) {
  const { seq, event, status, time, payload, via } = record;
  const { orderID } = payload;
  const tabIndex = isSelected ? 0 : -1;
  return (
    <li
      className={styles['row']}
      data-seq={seq}
      data-event={event}
      data-status={status}
      data-order={orderID}
      data-selected={isSelected || undefined}
      data-hit={isHit || undefined}
      data-new={isNew || undefined}
    >
      <time className={styles['time']} dateTime={time} title={isSelected ? fullText(time) : undefined}>
        {momentText(time)}
      </time>
      <button
        type="button"
        className={styles['open']}
        tabIndex={tabIndex}
        data-field="event"
        data-value={event}
      >
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
      <What record={record} tabIndex={tabIndex} />
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

/** Who did it to whose parcel, and for whom. */
function What({ record, tabIndex }: { record: CapsRecord; tabIndex: number }) {
  const { payload, by } = record;
  const { store, customer, address } = payload;
  const doer = doerText(record);
  const details = detailText(record);
  return (
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
        <button type="button" tabIndex={tabIndex} data-value={customer}>
          <bdi>{customer}</bdi>
        </button>
        <span className={styles['comma']}>, </span>
        <button type="button" tabIndex={tabIndex} data-value={address}>
          <bdi>{address}</bdi>
        </button>
      </span>
    </span>
  );
}
