import { type DragEvent, useEffect, useId, useRef, useState } from 'react';
import { unreachable } from '../../../protocol/errors.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shopImport as words } from '../../words/shop-import.ts';
import { ImportChooser } from './import-chooser.tsx';
import styles from './import-dialog.module.css';
import { ImportPreview } from './import-preview.tsx';
import { ImportDone, ImportProgress } from './import-progress.tsx';
import { downloadCsv } from './order-export.ts';
import type { ImportState, OrderImport } from './order-import.ts';
import { type OrderField, template } from './order-table.ts';
import type { Shop } from './shop.ts';

export interface ImportDialogProps {
  shop: Shop;
  orders: OrderImport;
  state: ImportState;
  onClose: () => void;
}

export function ImportDialog({ shop, orders, state, onClose }: ImportDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) void orders.read(file);
  };
  return (
    <Dialog
      dialog={dialog}
      width="wide"
      title={words().title}
      onClose={() => {
        if (state.kind === 'done') orders.restart();
        onClose();
      }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: beside dropping a file there is a button to choose one */}
      <div
        className={styles['body']}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Step shop={shop} orders={orders} state={state} />
      </div>
    </Dialog>
  );
}

function Step({ shop, orders, state }: Omit<ImportDialogProps, 'onClose'>) {
  switch (state.kind) {
    case 'choose':
      return <Choose orders={orders} problem={state.problem} />;
    case 'columns':
      return (
        <ImportChooser
          key={state.place}
          choosing={state}
          onChange={(mapping) => orders.map(mapping)}
          onChosen={() => void orders.takeColumns()}
          onSheet={(at) => void orders.chooseSheet(at)}
          onLeave={() => orders.restart()}
        />
      );
    case 'preview':
      return <ImportPreview key={state.place} orders={orders} preview={state} />;
    case 'sending':
      return <ImportProgress shop={shop} orders={orders} progress={state} />;
    case 'done':
      return <ImportDone orders={orders} result={state} />;
    default:
      return unreachable(state);
  }
}

/** The name of a column, left to right even in Arabic. */
function columnOf(name: OrderField) {
  return <code dir="ltr">{name}</code>;
}

function Choose({ orders, problem }: { orders: OrderImport; problem: string | undefined }) {
  const { choose } = words();
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <>
      <div className={styles['drop']}>
        <label htmlFor={id}>{choose.file}</label>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,.xlsx,.xlsm,text/csv"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void orders.read(file);
            // Allow choosing the same file again after it was corrected.
            currentTarget.value = '';
          }}
        />
        <p className={styles['quiet']}>{choose.hint}</p>
        {problem !== undefined && (
          <p id={errorId} role="alert" className={styles['problem']}>
            {problem}
          </p>
        )}
      </div>
      <p>
        <PhraseText phrase={choose.columns(columnOf)} />
      </p>
      <p className={styles['quiet']}>{choose.again}</p>
      <div className={styles['actions']}>
        <Button onClick={() => downloadCsv('orders-template.csv', template)}>{choose.template}</Button>
      </div>
    </>
  );
}
