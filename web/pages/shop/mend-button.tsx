import { useId } from 'react';
import { Button } from '../../ui/button.tsx';
import { shopImport as words } from '../../words/shop-import.ts';
import styles from './import-dialog.module.css';
import { downloadCsv } from './order-export.ts';
import type { OrderImport } from './order-import.ts';

/** Downloads the rows that were not sent, to be mended and imported. */
export function MendButton({ orders }: { orders: OrderImport }) {
  const { mend } = words();
  const hint = useId();
  const download = () => {
    const rows = orders.rowsToMend();
    if (rows) downloadCsv(rows.name, rows.table);
  };
  return (
    <p className={styles['foot']}>
      <Button size="small" aria-describedby={hint} onClick={download}>
        {mend.download}
      </Button>
      <span id={hint} className={styles['quiet']}>
        {mend.hint}
      </span>
    </p>
  );
}
