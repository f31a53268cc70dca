import { memo } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { SearchField } from '../../../protocol/search.ts';
import { eventWord } from '../../app/life-words.ts';
import { oneLine } from '../../app/lines.ts';
import { detailText, doerText, fullText, momentText } from '../../dispatch/record-text.ts';
import { StatusShape } from '../../ui/status-mark.tsx';
import type { Words } from '../../words/en/log.ts';
import { shared } from '../../words/shared.ts';
import styles from './event-row.module.css';

/** Letters that are read from the right. */
const fromRight = /[\u0590-\u08ff\ufb1d-\ufefc]/;

interface EventRowProps {
  record: CapsRecord;
  /** Passed in, so that not every row of a stream looks them up. */
  words: Words;
  isSelected: boolean;
  /** Matches a search that highlights. */
  isHit: boolean;
  isNew: boolean;
}

/**
 * One event in one line. The list handles clicks: `data-field` and `data-value` name a value to filter by; without a
 * field, its words. Only the selected row is in the tab order, or Tab would never reach the end.
 *
 * All rows have the same elements, some of them empty: during a stream only their texts change.
 */
export const EventRow = memo(function EventRow({ record, words, isSelected, isHit, isNew }: EventRowProps) {
  const { seq, event, status, payload, by, via } = record;
  const time = record.machineTime ?? record.time;
  const { store, orderID, customer, address } = payload;
  const doer = doerText(record) ?? shared().shop;
  const details = detailText(record, words, oneLine);
  const word = eventWord(words.life.event, event);
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
        tabIndex={isSelected ? 0 : -1}
        aria-label={words.row.open(word, orderID)}
        data-field="event"
        data-value={event}
      >
        <StatusShape status={status} />
        {word}
      </button>
      {shown({ look: 'order', field: 'order', value: orderID })}
      <span
        className={styles['what']}
        data-mixed={fromRight.test(doer + store + customer + address) || undefined}
      >
        <span className={styles['route']}>
          {by.role === 'driver' ? (
            shown({ field: 'driver', value: by.id, word: doer })
          ) : (
            <span>{oneLine(doer)}</span>
          )}
          <span className={styles['arrow']}> → </span>
          {shown({ field: 'store', value: store })}
        </span>
        <span className={styles['rest']}>
          <span className={styles['details']}>{details}</span>
          {shown({ value: customer })}
          <span>{words.row.comma}</span>
          {shown({ value: address })}
        </span>
      </span>
      {shown({ look: 'door', field: 'via', value: via })}
    </li>
  );
});

interface Value {
  /** Undefined: the value is searched for as words. */
  field?: SearchField;
  value: string;
  /** The visible text, if it is not the value itself. */
  word?: string;
  look?: 'order' | 'door';
}

/** A function and no component: every row has six of them, and a stream renders all rows again and again. */
function shown({ field, value, word = value, look }: Value) {
  return (
    <span className={look && styles[look]} dir="auto" data-field={field} data-value={value}>
      {oneLine(word)}
    </span>
  );
}
