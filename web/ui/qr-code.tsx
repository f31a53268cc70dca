import { useEffect, useState } from 'react';
import { drawQrCode, type QrDrawing } from '../app/qr-drawing.ts';
import styles from './qr-code.module.css';

interface QrCodeProps {
  /** An address of this hub. */
  text: string;
  label: string;
}

/** A QR code for a secret address. The request carries it in the body, because access logs record URLs. */
export function QrCode({ text, label }: QrCodeProps) {
  const [shape, setShape] = useState<QrDrawing>();
  useEffect(() => {
    let isStale = false;
    drawQrCode(text).then(
      (drawn) => {
        if (!isStale) setShape(drawn);
      },
      // The link beside it is enough.
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
