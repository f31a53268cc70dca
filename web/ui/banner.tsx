import type { ReactNode } from 'react';
import styles from './banner.module.css';

interface BannerProps {
  tone: 'news' | 'trouble';
  children: ReactNode;
  actions?: ReactNode;
}

/** A bar across the page. It pushes the content down and never covers it. */
export function Banner({ tone, children, actions }: BannerProps) {
  return (
    <div className={styles['banner']} data-tone={tone}>
      <div className={styles['text']}>{children}</div>
      {actions}
    </div>
  );
}
