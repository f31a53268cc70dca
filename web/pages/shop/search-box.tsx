import type { RefObject } from 'react';
import { shop as words } from '../../words/shop.ts';
import styles from './search-box.module.css';

interface SearchBoxProps {
  box: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
}

/** The search box. It takes words and terms, as on /log. */
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
