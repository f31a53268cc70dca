import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { shopPrint as words } from '../../words/shop-print.ts';
import { type Paper, usePaper } from './paper.ts';
import { DocketSheet } from './print-docket.tsx';
import { listsOf, type PrintJob, type PrintKind, printedMax, printKinds } from './print-job.ts';
import { fitLabels, LabelSheet } from './print-label.tsx';
import styles from './print-view.module.css';
import { type SheetParts, useSheetParts } from './sheet-parts.ts';

interface PrintViewProps {
  store: string;
  job: PrintJob;
  onClose: () => void;
}

const papers: Readonly<Record<PrintKind, Paper>> = { labels: 'A6', list: 'A4', lists: 'A4' };

/** Sheets as they come out of the printer, in place of the page. Only they are printed. */
export function PrintView({ store, job, onClose }: PrintViewProps) {
  const [kind, setKind] = useState(job.kind);
  const [start, setStart] = useState(0);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { parts, hasFailed } = useSheetParts(store);
  const print = useRef<HTMLButtonElement>(null);
  usePaper(papers[kind]);
  const isReady = parts !== undefined;
  useEffect(() => {
    scrollTo(0, 0);
    if (isReady) print.current?.focus();
  }, [isReady]);
  const { orders } = job;
  const shown = orders.slice(start, start + printedMax);
  const chosen = shown.filter(({ order }) => !left.has(order.orderID));
  const choose = (orderID: string, isChosen: boolean) => {
    const next = new Set(left);
    if (isChosen) next.delete(orderID);
    else next.add(orderID);
    setLeft(next);
  };
  const end = start + shown.length;
  return (
    <section className={styles['view']} aria-labelledby="print-title">
      <div className={styles['tools']}>
        <h2 id="print-title">{words().title}</h2>
        <Button onClick={onClose}>{words().back}</Button>
        <KindChoice kind={kind} onChange={setKind} />
        <Button
          ref={print}
          look="main"
          disabled={!parts || chosen.length === 0}
          onClick={() => window.print()}
        >
          {words().print}
        </Button>
        {orders.length > printedMax && (
          <p className={styles['hint']}>
            <span data-num>{words().part(start + 1, end, orders.length)}</span>{' '}
            <Button size="small" onClick={() => setStart(end < orders.length ? end : 0)}>
              {end < orders.length ? words().next : words().first}
            </Button>
          </p>
        )}
        <p className={styles['hint']}>
          <b>{chosen.length === 0 ? words().none : words().sheets(chosen.length)}</b>
          {' · '}
          {words().paper}
        </p>
        {hasFailed && <NoShop />}
      </div>
      {parts &&
        (kind === 'labels' ? (
          <Labels orders={shown} left={left} parts={parts} onChoose={choose} />
        ) : (
          listsOf(chosen, kind).map((list) => (
            <DocketSheet
              key={list.driver?.id ?? ''}
              list={list}
              isOfDriver={kind === 'lists'}
              parts={parts}
            />
          ))
        ))}
    </section>
  );
}

function NoShop() {
  return (
    <p role="alert" className={styles['problem']}>
      {words().noShop}
    </p>
  );
}

function KindChoice({ kind, onChange }: { kind: PrintKind; onChange: (kind: PrintKind) => void }) {
  return (
    <fieldset className={styles['kinds']}>
      <legend className="visually-hidden">{words().what}</legend>
      {printKinds.map((one) => (
        <label key={one}>
          <input type="radio" name="print-kind" checked={kind === one} onChange={() => onChange(one)} />
          {words()[one]}
        </label>
      ))}
    </fieldset>
  );
}

interface LabelsProps {
  orders: PrintJob['orders'];
  /** Ids of the orders that are not to be printed. */
  left: ReadonlySet<string>;
  parts: SheetParts;
  onChoose: (orderID: string, isChosen: boolean) => void;
}

function Labels({ orders, left, parts, onChoose }: LabelsProps) {
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other orders are other labels
  useLayoutEffect(() => {
    if (list.current) fitLabels(list.current);
  }, [orders, parts]);
  return (
    <ul ref={list} className={styles['labels']}>
      {orders.map(({ order }) => {
        const isChosen = !left.has(order.orderID);
        return (
          <li key={order.orderID} data-left={!isChosen}>
            <label className={styles['choice']}>
              <input
                type="checkbox"
                aria-label={words().leaveOut(order.orderID)}
                checked={isChosen}
                onChange={(event) => onChoose(order.orderID, event.currentTarget.checked)}
              />
              <bdi>{order.orderID}</bdi>
            </label>
            <LabelSheet order={order} parts={parts} />
          </li>
        );
      })}
    </ul>
  );
}
