import { useRef } from 'react';
import type { Status } from '../../../protocol/events.ts';
import { useSelect } from '../../app/hooks.ts';
import { statusParts, statusWord } from '../../app/life-words.ts';
import { count } from '../../app/numbers.ts';
import { StatusShape } from '../../ui/status-mark.tsx';
import { useWordWidth } from '../../ui/word-width.ts';
import { shop as words } from '../../words/shop.ts';
import styles from './order-counts.module.css';
import type { OrderFilter } from './order-filter.ts';
import type { Shop } from './shop.ts';

/** Always shown; the others only if there are some. */
const usual: readonly Status[] = ['ready', 'claimed', 'in-transit', 'delivered'];
const unusual: readonly Status[] = ['failed', 'returning', 'returned', 'cancelled'];

interface OrderCountsProps {
  shop: Shop;
  filter: OrderFilter;
  onFilter: (filter: OrderFilter) => void;
}

/** The numbers of orders by status, and of late ones. Each is a button that filters the list. */
export function OrderCounts({ shop, filter, onFilter }: OrderCountsProps) {
  const list = useRef<HTMLDivElement>(null);
  useWordWidth(list, statusParts());
  const counts = useSelect(shop.state, (state) => state.counts);
  const late = useSelect(shop.state, (state) => state.late);
  const shown = [...usual, ...unusual.filter((status) => counts[status] > 0 || filter.status === status)];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div ref={list} className={styles['counts']} role="group" aria-label={words().byStatus}>
      {shown.map((status) => (
        <button
          key={status}
          type="button"
          data-status={status}
          aria-pressed={filter.status === status}
          onClick={() => onFilter({ ...filter, status: filter.status === status ? undefined : status })}
        >
          <span className={styles['number']} data-num>
            {count(counts[status])}
          </span>
          <span className={styles['word']}>
            <StatusShape status={status} />
            {statusWord(status)}
          </span>
        </button>
      ))}
      {(late > 0 || filter.late) && (
        <button
          type="button"
          data-late
          aria-pressed={filter.late}
          onClick={() => onFilter({ ...filter, late: !filter.late })}
        >
          <span className={styles['number']} data-num>
            {count(late)}
          </span>
          <span className={styles['word']}>{words().late}</span>
        </button>
      )}
    </div>
  );
}
