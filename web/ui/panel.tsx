import { type ReactNode, useId } from 'react';
import styles from './panel.module.css';

interface PanelProps {
  /** The heading and accessible name. */
  title: string;
  /** Stands beside the heading: a number, a button. */
  aside?: ReactNode;
  /** `flush`: the content, such as a list, reaches the panel's edges. */
  inset?: 'usual' | 'flush';
  className?: string | undefined;
  isEmpty?: boolean;
  children: ReactNode;
}

/** A named region with a border. */
export function Panel({ title, aside, inset = 'usual', className, isEmpty, children }: PanelProps) {
  const id = useId();
  return (
    <section
      className={className === undefined ? styles['panel'] : `${styles['panel']} ${className}`}
      data-inset={inset}
      data-empty={isEmpty}
      aria-labelledby={id}
    >
      <div className={styles['head']}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      <div className={styles['body']}>{children}</div>
    </section>
  );
}
