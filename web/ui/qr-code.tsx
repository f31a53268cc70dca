import { useEffect, useState } from 'react';
import { drawQrCode, type QrDrawing } from '../app/qr-drawing.ts';
import styles from './qr-code.module.css';

interface QrCodeProps {
  /** An address of this hub. */
  text: string;
  label: string;
}

/**
 * A code of an address that nobody else is to read: it goes to the hub in the body of a request, not in an address
 * that ends up in somebody's list of requests.
 */
export function QrCode({ text, label }: QrCodeProps) {
  const [shape, setShape] = useState<QrDrawing>();
  useEffect(() => {
    let isStale = false;
    drawQrCode(text).then(
      (drawn) => {
        if (!isStale) setShape(drawn);
      },
      // Without the code there is still the link.
      () => {},
    );
    return () => {
      isStale = true;
    };
  }, [text]);
  return (
    <svg className={styles['code']} viewBox={shape?.viewBox ?? '0 0 1 1'} role="img" aria-label={label}>
      <path d={shape?.path ?? ''} stroke="currentColor" fill="none" />
    </svg>
  );
}
