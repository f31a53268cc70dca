import type { RefObject } from 'react';
import styles from './search-box.module.css';

interface SearchBoxProps {
  box: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
}

/** Words, and the terms of the one search grammar. */
export function SearchBox({ box, value, onChange }: SearchBoxProps) {
  return (
    <input
      ref={box}
      className={styles['box']}
      type="search"
      aria-label="Search orders"
      placeholder="Name or address"
      autoComplete="off"
      spellCheck={false}
      enterKeyHint="search"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onChange('');
      }}
    />
  );
}
