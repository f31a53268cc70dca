import styles from './address.module.css';

/** An address that breaks behind a comma where it can, and within a part only where that is longer than a line. */
export function Address({ text }: { text: string }) {
  return (
    <bdi>
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

/** Each with the comma that ends it. No lookbehind, which Safari knows from 16.4 on. */
function partsOf(text: string): string[] {
  // What is captured stands between the parts.
  const pieces = text.split(/([,;\n])\s+/);
  return pieces.flatMap((piece, i) => (i % 2 === 0 ? [`${piece}${pieces[i + 1] ?? ''}`.trim()] : []));
}
