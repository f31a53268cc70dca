import { useState } from 'react';
import { Button } from './button.tsx';
import styles from './copy-link.module.css';

interface CopyLinkProps {
  url: string;
}

/** Browsers lend the clipboard to secure pages alone; elsewhere it says what is missing. */
export function CopyLink({ url }: CopyLinkProps) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  if (!isSecureContext) {
    return <p className={styles['quiet']}>With HTTPS there would be a button here that copies the link.</p>;
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
        Copy link
      </Button>
      <span className={styles['quiet']} role="status">
        {copied === 'yes' && 'Copied.'}
        {copied === 'refused' && 'The browser does not allow it; select the link instead.'}
      </span>
    </div>
  );
}
