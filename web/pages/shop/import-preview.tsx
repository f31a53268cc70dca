import { useEffect, useMemo, useRef, useState } from 'react';
import { hubClock } from '../../app/hub-clock.ts';
import { count, counted } from '../../app/numbers.ts';
import { Moment } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './import-dialog.module.css';
import type { TableRow } from './import-rows.ts';
import type { ImportState, OrderImport } from './order-import.ts';

/** So many faults are told one by one: who has more will mend the file and not the rows. */
const badShown = 100;
const goodShown = 5;
const lateShown = 10;

interface ImportPreviewProps {
  orders: OrderImport;
  preview: Extract<ImportState, { kind: 'preview' }>;
}

/** What would be sent, and what is wrong with the rest. Nothing goes out half: rows are left out on purpose alone. */
export function ImportPreview({ orders, preview: { name, good, bad, others } }: ImportPreviewProps) {
  const [leavesOut, setLeavesOut] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  // What was chosen with is gone, and the keyboard's place with it.
  useEffect(() => title.current?.focus(), []);
  const mayGo = good.length > 0 && (bad.length === 0 || leavesOut);
  return (
    <>
      <h3 ref={title} tabIndex={-1}>
        {headline(good.length, bad.length)} <bdi className={styles['quiet']}>{name}</bdi>
      </h3>
      {bad.length > 0 && <BadRows rows={bad} />}
      {good.length > 0 && <GoodRows rows={good} />}
      <LateRows rows={good} />
      {others && (
        <p className={styles['foot']}>
          <span className={styles['quiet']}>{othersText(others)}</span>
          <Button size="small" look="quiet" onClick={() => orders.changeColumns()}>
            Change columns
          </Button>
        </p>
      )}
      <div className={styles['actions']}>
        {bad.length > 0 && good.length > 0 && (
          <label className={styles['choice']}>
            <input
              type="checkbox"
              checked={leavesOut}
              onChange={(event) => setLeavesOut(event.currentTarget.checked)}
            />
            {counted(bad.length, {
              one: 'Leave out the row with an error',
              other: 'Leave out # rows with errors',
            })}
          </label>
        )}
        <Button look="main" disabled={!mayGo} onClick={() => void orders.send()}>
          {counted(good.length, { one: 'Send # order', other: 'Send # orders' })}
        </Button>
        <Button onClick={() => orders.restart()}>Choose another file</Button>
      </div>
    </>
  );
}

/** Who hands in yesterday's table may well mean it: this is said, and is no fault. */
function LateRows({ rows }: { rows: readonly TableRow[] }) {
  const late = useMemo(() => {
    const now = hubClock.now();
    return rows.filter(({ order }) => order.dueAt !== undefined && Date.parse(order.dueAt) <= now);
  }, [rows]);
  if (late.length === 0) return null;
  const lines = late.slice(0, lateShown).map(({ line }) => line);
  const more = late.length > lateShown ? ', …' : '.';
  const are = { one: '# order is due in the past: line', other: '# orders are due in the past: lines' };
  return (
    <p className={styles['late']}>
      {counted(late.length, are)} {lines.join(', ')}
      {more}
    </p>
  );
}

function othersText({ count: many, areKept }: { count: number; areKept: boolean }): string {
  if (many === 0) return 'Every column is used.';
  return areKept
    ? counted(many, {
        one: '# other column is kept with the order.',
        other: '# other columns are kept with the order.',
      })
    : counted(many, { one: '# other column is left out.', other: '# other columns are left out.' });
}

function headline(good: number, bad: number): string {
  const sentences = [counted(good, { one: '# order can be sent.', other: '# orders can be sent.' })];
  if (bad > 0) sentences.push(counted(bad, { one: '# row has an error.', other: '# rows have errors.' }));
  return sentences.join(' ');
}

function BadRows({ rows }: { rows: readonly TableRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <ul className={styles['bad']} tabIndex={0} aria-label="Rows with errors">
      {rows.slice(0, badShown).map(({ line, label, problems }) => (
        <li key={line}>
          <span className={styles['line']} data-num>
            Line {line}
          </span>
          <span className={styles['row']}>
            {label !== '' && <bdi>{label}</bdi>}
            {problems.map((problem) => (
              <span key={problem} className={styles['problem']}>
                {problem}
              </span>
            ))}
          </span>
        </li>
      ))}
      {rows.length > badShown && <li>{count(rows.length - badShown)} more have errors.</li>}
    </ul>
  );
}

function GoodRows({ rows }: { rows: readonly TableRow[] }) {
  return (
    <ul className={styles['good']} aria-label="Rows that can be sent">
      {rows.slice(0, goodShown).map(({ line, order }) => (
        <li key={line}>
          <span className={styles['line']} data-num>
            Line {line}
          </span>
          <span className={styles['row']}>
            <bdi>{order.customer}</bdi>
            <bdi className={styles['quiet']}>{order.address}</bdi>
            {order.dueAt !== undefined && (
              <span className={styles['quiet']}>
                Due <Moment at={order.dueAt} />
              </span>
            )}
          </span>
        </li>
      ))}
      {rows.length > goodShown && <li className={styles['quiet']}>{count(rows.length - goodShown)} more</li>}
    </ul>
  );
}
