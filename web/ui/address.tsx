import styles from './address.module.css';

/** An address that breaks behind a comma where it can, and within a part only where that is longer than a line. */
export function Address({ text }: { text: string }) {
  return (
    <bdi>
      {text.split(/(?<=[,;\n])\s+/).map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        <span key={i}>
          {i > 0 && ' '}
          <span className={styles['part']}>{part}</span>
        </span>
      ))}
    </bdi>
  );
}
