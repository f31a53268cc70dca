import type { ReactNode } from 'react';
import styles from './empty.module.css';

interface EmptyProps {
  /** A sentence that says why there is nothing. */
  title: string;
  /** What to do, or what happens next. */
  children?: ReactNode;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div className={styles['empty']}>
      <p className={styles['title']}>{title}</p>
      {children}
    </div>
  );
}
