import { type DragEvent, useEffect, useId, useRef, useState } from 'react';
import { unreachable } from '../../../protocol/errors.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ImportChooser } from './import-chooser.tsx';
import styles from './import-dialog.module.css';
import { ImportPreview } from './import-preview.tsx';
import { ImportDone, ImportProgress } from './import-progress.tsx';
import { downloadCsv } from './order-export.ts';
import type { ImportState, OrderImport } from './order-import.ts';
import { template } from './order-table.ts';
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
      title="Import orders"
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

function Choose({ orders, problem }: { orders: OrderImport; problem: string | undefined }) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <>
      <div className={styles['drop']}>
        <label htmlFor={id}>CSV file with orders</label>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void orders.read(file);
            // The same file may be chosen again, mended.
            currentTarget.value = '';
          }}
        />
        <p className={styles['quiet']}>
          Choose it, or drop it here. Nothing is sent before you have seen what is in it.
        </p>
        {problem !== undefined && (
          <p id={errorId} role="alert" className={styles['problem']}>
            {problem}
          </p>
        )}
      </div>
      <p>
        One line names the columns: <code>customer</code> and <code>address</code>, and if you like{' '}
        <code>orderID</code>, <code>dueAt</code> (2026-11-30 14:30), <code>phone</code>, <code>note</code>.{' '}
        Columns that are called otherwise, as in a shop’s own export, can be chosen in the next step.
      </p>
      <p className={styles['quiet']}>
        The same file again is no second order: a row without an order id gets a short one from what it says.
      </p>
      <div className={styles['actions']}>
        <Button onClick={() => downloadCsv('orders-template.csv', template)}>Download template</Button>
      </div>
    </>
  );
}
