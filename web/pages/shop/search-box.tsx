import type { RefObject } from 'react';
import { shop as words } from '../../words/shop.ts';
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
      aria-label={words().search.label}
      placeholder={words().search.hint}
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
