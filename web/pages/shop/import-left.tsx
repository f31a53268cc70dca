import type { ReactNode } from 'react';
import { shopImport as words } from '../../words/shop-import.ts';
import styles from './import-dialog.module.css';
import type { NotedImport } from './import-note.ts';

interface ImportLeftProps {
  left: NotedImport;
  /** What dismisses it. */
  children: ReactNode;
}

/** Says what was not sent of an import that ended with its page. */
export function ImportLeft({ left: { name, total, done }, children }: ImportLeftProps) {
  return (
    <div role="status" className={styles['left']}>
      <span>{words().left(name, total - done, total)}</span>
      {children}
    </div>
  );
}
