import type { ReactNode } from 'react';
import styles from './banner.module.css';

interface BannerProps {
  tone: 'news' | 'trouble';
  children: ReactNode;
  /** Buttons that belong to it. */
  actions?: ReactNode;
}

/** Stands across the page and pushes what is below it; never covers it. */
export function Banner({ tone, children, actions }: BannerProps) {
  return (
    <div className={styles['banner']} data-tone={tone}>
      <div className={styles['text']}>{children}</div>
      {actions}
    </div>
  );
}
