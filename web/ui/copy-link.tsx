import { useState } from 'react';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import styles from './copy-link.module.css';

interface CopyLinkProps {
  url: string;
}

/** Copies a link. Browsers allow that on secure pages only; elsewhere it says so. */
export function CopyLink({ url }: CopyLinkProps) {
  const words = shared().copy;
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  if (!isSecureContext) {
    return <p className={styles['quiet']}>{words.needsHttps}</p>;
  }
  return (
    <div className={styles['copy']}>
      <Button
        look="main"
        onClick={() =>
          void navigator.clipboard.writeText(url).then(
            () => setCopied('yes'),
            () => setCopied('refused'),
          )
        }
      >
        {words.link}
      </Button>
      <span className={styles['quiet']} role="status">
        {copied === 'yes' && words.copied}
        {copied === 'refused' && words.refused}
      </span>
    </div>
  );
}
