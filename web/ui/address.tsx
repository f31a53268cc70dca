import { lines } from '../app/lines.ts';
import styles from './address.module.css';

/** An address that wraps after commas; a part wraps only if it is longer than a line. */
export function Address({ text }: { text: string }) {
  return (
    <bdi className={styles['address']}>
      {partsOf(text).map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        <span key={i}>
          {i > 0 && ' '}
          <span className={styles['part']}>{part}</span>
        </span>
      ))}
    </bdi>
  );
}

/** Splits at line breaks, and at commas and semicolons before a space. */
function partsOf(text: string): string[] {
  const parts = lines(text)
    .replace(/([,;])\s+/g, '$1\n')
    .split('\n');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
