import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useLoaded, useStore, useTime } from '../../app/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { shop as words } from '../../words/shop.ts';
import { loadWords } from '../../words/spoken.ts';
import { answeredCount } from './import-count.ts';
import styles from './import-dialog.module.css';
import type { ImportDialogProps } from './import-dialog.tsx';
import { ImportNote, type NotedImport } from './import-note.ts';
import type { OrderImport } from './order-import.ts';
import type { Shop } from './shop.ts';

interface LoadedImport {
  readonly shop: Shop;
  readonly Dialog: (props: ImportDialogProps) => ReactNode;
  readonly orders: OrderImport;
}

/** Shows the progress of an import and opens its dialog, which is loaded on demand. */
export function ImportButton({ shop }: { shop: Shop }) {
  const state = useStore(shop.import.state);
  const [isWanted, setWanted] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const [latest, setLatest] = useState<LoadedImport>();
  // The dialog of another store does not fit.
  const loaded = latest?.shop === shop ? latest : undefined;
  useLeaveGuard(state.kind === 'sending');
  const note = useMemo(() => new ImportNote(shop.store), [shop]);
  const [isRead, setRead] = useState(false);
  // Written by another tab, too, so it is looked at again as time passes.
  const hasLeft = useTime(() => !isRead && state.kind !== 'sending' && note.left(Date.now()) !== undefined);
  const left = hasLeft ? note.left(Date.now()) : undefined;
  // Rows pasted into the form open the dialog.
  useEffect(() => {
    if (state.kind === 'columns' || state.kind === 'preview' || 'problem' in state) setWanted(true);
  }, [state]);
  useEffect(() => {
    if (!isWanted || loaded) return;
    setMissing(false);
    loadImport(shop).then(
      ([ImportDialog, orders]) => setLatest({ shop, Dialog: ImportDialog, orders }),
      () => {
        setMissing(true);
        setWanted(false);
      },
    );
  }, [isWanted, loaded, shop]);
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setWanted(true)}>
        {state.kind === 'sending' ? words().importing(answeredCount(state), state.total) : words().importCsv}
      </Button>
      {isMissing && (
        <p role="alert" className={styles['problem']}>
          {words().importMissing}
        </p>
      )}
      {left && (
        <Left
          left={left}
          onDismiss={() => {
            note.forget();
            setRead(true);
          }}
        />
      )}
      {isWanted && loaded && (
        <loaded.Dialog shop={shop} orders={loaded.orders} state={state} onClose={() => setWanted(false)} />
      )}
    </>
  );
}

const loadLeft = () => import('./import-left.tsx');

function Left({ left, onDismiss }: { left: NotedImport; onDismiss: () => void }) {
  const code = useLoaded(loadLeft);
  if (!code || code === 'missing') return null;
  return (
    <code.ImportLeft left={left}>
      <Button size="small" onClick={onDismiss}>
        {words().row.dismiss}
      </Button>
    </code.ImportLeft>
  );
}

async function loadImport(shop: Shop) {
  const [{ ImportDialog }, orders] = await Promise.all([import('./import-dialog.tsx'), shop.import.open()]);
  await loadWords();
  return [ImportDialog, orders] as const;
}

/** Asks before the tab is closed during an import. Sending the file again is harmless. */
function useLeaveGuard(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isSending]);
}
