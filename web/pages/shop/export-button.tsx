import { useState } from 'react';
import type { ParcelView } from '../../../protocol/messages.ts';
import { Button } from '../../ui/button.tsx';
import styles from './import-dialog.module.css';

interface ExportButtonProps {
  store: string;
  /** There is nothing to export. */
  isEmpty: boolean;
  words: { readonly exportCsv: string; readonly exporting: string };
  /** @returns the orders to export. Rejects if the hub does not tell them */
  take: () => readonly ParcelView[] | Promise<readonly ParcelView[]>;
  /** Of the orders, for the file's name. */
  day?: string;
  /** The file is made. */
  onDone?: () => void;
}

/** Downloads orders as CSV. The hub is asked about their deliveries first, so it takes a moment, or says why it cannot. */
export function ExportButton({ store, isEmpty, words, take, day, onDone }: ExportButtonProps) {
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const download = async (): Promise<void> => {
    if (isWorking) return;
    setWorking(true);
    setProblem(undefined);
    try {
      const [{ exportOrders }, orders] = await Promise.all([import('./order-export.ts'), take()]);
      await exportOrders(store, orders, day);
      onDone?.();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setWorking(false);
  };
  return (
    <>
      <Button disabled={isEmpty} aria-busy={isWorking} onClick={() => void download()}>
        {isWorking ? words.exporting : words.exportCsv}
      </Button>
      {problem !== undefined && (
        <p role="alert" className={styles['problem']}>
          {problem}
        </p>
      )}
    </>
  );
}
