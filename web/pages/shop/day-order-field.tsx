import { useId } from 'react';
import { dateFormat } from '../../app/numbers.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import { type DayOrder, readTimeText } from './date-text.ts';
import styles from './import-dialog.module.css';

const longDay = dateFormat({ dateStyle: 'long', timeZone: 'UTC' });
const orders: readonly DayOrder[] = ['dmy', 'mdy'];

interface DayOrderFieldProps {
  /** As it stands in the file: 03/04/2026. */
  day: string;
  chosen: DayOrder | undefined;
  onChoose: (order: DayOrder | undefined) => void;
}

/** Asks what a day means whose month may stand in either place. */
export function DayOrderField({ day, chosen, onChoose }: DayOrderFieldProps) {
  const id = useId();
  const texts = words().columns;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{texts.dayOrder(day)}</label>
      <div className={styles['selects']}>
        <select
          id={id}
          value={chosen ?? ''}
          onChange={({ currentTarget: { value } }) => onChoose(orders.find((order) => order === value))}
        >
          <option value="">{texts.chooseDay}</option>
          {orders.map((order) => (
            <option key={order} value={order}>
              {meaningOf(day, order)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function meaningOf(text: string, order: DayOrder): string {
  const day = readTimeText(text, order)?.day ?? '';
  return longDay().format(Date.parse(`${day}T00:00Z`));
}
