import { useEffect, useMemo, useRef, useState } from 'react';
import { hubClock } from '../../app/hub-clock.ts';
import { Moment } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shared } from '../../words/shared.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import styles from './import-dialog.module.css';
import type { TableRow } from './import-rows.ts';
import { MendButton } from './mend-button.tsx';
import type { ImportState, OrderImport } from './order-import.ts';
import { SheetField } from './sheet-field.tsx';

/** Faults that are listed one by one. */
const badShown = 100;
const goodShown = 5;
/** Lines that a sentence names. */
const linesNamed = 10;

interface ImportPreviewProps {
  orders: OrderImport;
  preview: Extract<ImportState, { kind: 'preview' }>;
}

/** Shows the orders to send and the faulty rows, which are left out only on request. */
export function ImportPreview({
  orders,
  preview: { name, good, bad, others, workbook },
}: ImportPreviewProps) {
  const { preview } = words();
  const [leavesOut, setLeavesOut] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  // The previous step, which had the focus, is gone.
  useEffect(() => title.current?.focus(), []);
  const mayGo = good.length > 0 && (bad.length === 0 || leavesOut);
  return (
    <>
      <h3 ref={title} tabIndex={-1}>
        {headline(good.length, bad.length)} <bdi className={styles['quiet']}>{name}</bdi>
      </h3>
      <SheetField workbook={workbook} onChoose={(at) => void orders.chooseSheet(at)} />
      {bad.length > 0 && <BadRows rows={bad} />}
      {bad.length > 0 && <MendButton orders={orders} />}
      {good.length > 0 && <GoodRows rows={good} />}
      <LateRows rows={good} />
      <MoreLines rows={good} />
      {others && (
        <p className={styles['foot']}>
          <span className={styles['quiet']}>{othersText(others)}</span>
          <Button size="small" look="quiet" onClick={() => orders.changeColumns()}>
            {preview.change}
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
            {preview.leaveOut(bad.length)}
          </label>
        )}
        <Button look="main" disabled={!mayGo} onClick={() => void orders.send()}>
          {preview.send(good.length)}
        </Button>
        <Button onClick={() => orders.restart()}>{words().another}</Button>
      </div>
    </>
  );
}

/** Warns of orders whose due time is past. That is no fault. */
function LateRows({ rows }: { rows: readonly TableRow[] }) {
  const late = useMemo(() => {
    const now = hubClock.now();
    return rows.filter(({ order }) => order.dueAt !== undefined && Date.parse(order.dueAt) <= now);
  }, [rows]);
  if (late.length === 0) return null;
  const lines = late.slice(0, linesNamed).map(({ line }) => line);
  return (
    <p className={styles['late']}>{words().preview.late(late.length, lines, late.length > linesNamed)}</p>
  );
}

/** Says which lines make no order of their own. */
function MoreLines({ rows }: { rows: readonly TableRow[] }) {
  const lines = useMemo(() => rows.flatMap(({ moreLines }) => moreLines).sort((a, b) => a - b), [rows]);
  if (lines.length === 0) return null;
  const shown = lines.slice(0, linesNamed);
  return (
    <p className={styles['quiet']}>
      {words().preview.moreLines(lines.length, shown, lines.length > linesNamed)}
    </p>
  );
}

function othersText({ count: many, areKept }: { count: number; areKept: boolean }): string {
  const { allUsed, kept, leftOut } = words().preview;
  if (many === 0) return allUsed;
  return areKept ? kept(many) : leftOut(many);
}

function headline(good: number, bad: number): string {
  const { preview } = words();
  return bad > 0 ? `${preview.good(good)} ${preview.bad(bad)}` : preview.good(good);
}

function BadRows({ rows }: { rows: readonly TableRow[] }) {
  const { preview } = words();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <ul className={styles['bad']} tabIndex={0} aria-label={preview.badRows}>
      {rows.slice(0, badShown).map(({ line, label, problems }) => (
        <li key={line}>
          <span className={styles['line']} data-num>
            {preview.line(line)}
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
      {rows.length > badShown && <li>{preview.moreBad(rows.length - badShown)}</li>}
    </ul>
  );
}

function GoodRows({ rows }: { rows: readonly TableRow[] }) {
  const { preview } = words();
  return (
    <ul className={styles['good']} aria-label={preview.goodRows}>
      {rows.slice(0, goodShown).map(({ line, order }) => (
        <li key={line}>
          <span className={styles['line']} data-num>
            {preview.line(line)}
          </span>
          <span className={styles['row']}>
            <bdi>{order.customer}</bdi>
            <bdi className={styles['quiet']}>{order.address}</bdi>
            {order.dueAt !== undefined && (
              <span className={styles['quiet']}>
                <PhraseText phrase={shared().due.toCome(<Moment at={order.dueAt} />)} />
              </span>
            )}
          </span>
        </li>
      ))}
      {rows.length > goodShown && (
        <li className={styles['quiet']}>{preview.more(rows.length - goodShown)}</li>
      )}
    </ul>
  );
}
