import { useEffect, useState } from 'react';
import type { Repeat } from '../../../protocol/repeats.ts';
import { oneLine } from '../../app/lines.ts';
import { shopDay as words } from '../../words/shop-day.ts';
import { clockOf } from './day-clock.ts';
import styles from './day-panel.module.css';
import { fetchRepeats } from './fetch-repeats.ts';
import { comesOn } from './repeat-rule.ts';

interface DayRepeatsProps {
  store: string;
  day: string;
  /** Orders of the day. One more may be that of a repeat. */
  orders: number;
}

/** The repeating orders of a day that the hub has not made yet. */
export function DayRepeats({ store, day, orders }: DayRepeatsProps) {
  const [repeats, setRepeats] = useState<readonly Repeat[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was made meanwhile is among the orders
  useEffect(() => {
    let isOver = false;
    fetchRepeats(store).then(
      (found) => {
        if (!isOver) setRepeats(found);
      },
      // The hub is away: the day is read again, and so are these.
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [store, day, orders]);
  const coming = repeats.filter((repeat) => comesOn(repeat, day));
  if (coming.length === 0) return null;
  const clock = clockOf('UTC', day);
  const moment = (time: string | undefined) => (time === undefined ? undefined : `${day}T${time}Z`);
  return (
    <section className={styles['repeats']} aria-label={words().repeats}>
      <h3>{words().stillToCome(coming.length)}</h3>
      <ul>
        {coming.map(({ id, order, start, end }) => (
          <li key={id}>
            <bdi>{oneLine(order.customer)}</bdi>
            <span>{clock.due({ notBefore: moment(start), dueAt: moment(end) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
