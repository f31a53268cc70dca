import { lines } from '../app/lines.ts';
import styles from './address.module.css';

/** An address that breaks behind a comma where it can, and within a part only where that is longer than a line. */
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

/** A part ends with a line, or with a comma that something follows. */
function partsOf(text: string): string[] {
  const parts = lines(text)
    .replace(/([,;])\s+/g, '$1\n')
    .split('\n');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
