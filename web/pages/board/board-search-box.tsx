import { type KeyboardEvent, type RefObject, useEffect } from 'react';
import { flushSync } from 'react-dom';
import { boardWords } from '../../words/board.ts';
import { focusFound } from './board-keyboard.ts';
import styles from './board-search-box.module.css';

interface BoardSearchBoxProps {
  box: RefObject<HTMLInputElement | null>;
  search: string;
  onSearch: (search: string) => void;
}

/** Narrows the board with each letter. The grammar is that of every search: `is:late`, `store:red`, `-driver:ana`. */
export function BoardSearchBox({ box, search, onSearch }: BoardSearchBoxProps) {
  const words = boardWords().search;
  // A link has it, and a reload keeps it.
  useEffect(() => {
    const url = new URL(location.href);
    if (search.trim() === '') url.searchParams.delete('q');
    else url.searchParams.set('q', search.trim());
    if (url.href !== location.href) history.replaceState(history.state, '', url);
  }, [search]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      flushSync(() => onSearch(''));
      focusFound();
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      focusFound();
    }
  }

  return (
    <search className={styles['search']}>
      <input
        ref={box}
        type="search"
        aria-label={words.label}
        aria-keyshortcuts="/"
        placeholder={words.example}
        // The search grammar is the same in every language.
        dir={search === '' ? undefined : 'auto'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </search>
  );
}
