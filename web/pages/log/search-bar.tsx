import { type RefObject, useEffect, useState } from 'react';
import type { Status } from '../../../protocol/messages.ts';
import { statusWords } from '../../../protocol/status-look.ts';
import { Button } from '../../ui/button.tsx';
import { StatusShape } from '../../ui/status-mark.tsx';
import styles from './search-bar.module.css';
import { hasTerm, toggleTerm } from './search-text.ts';

const quick: readonly { value: string; word: string; shape: Status | 'other' }[] = [
  ...(Object.keys(statusWords) as Status[]).map((status) => ({
    value: status,
    word: statusWords[status],
    shape: status,
  })),
  { value: 'note', word: 'Note', shape: 'other' },
];

/** A pause in typing as short as this is the end of a word. */
const typingMs = 120;

interface SearchBarProps {
  search: string;
  onSearch: (search: string) => void;
  box: RefObject<HTMLInputElement | null>;
  isFrozen: boolean;
  onPause: () => void;
  onHelp: () => void;
}

/** The box shows the whole of what is filtered; every chip and every click on a value only writes into it. */
export function SearchBar({ search, onSearch, box, isFrozen, onPause, onHelp }: SearchBarProps) {
  const [text, setText] = useTyped(search, onSearch);
  return (
    <div className={styles['bar']}>
      <search className={styles['search']}>
        <input
          ref={box}
          type="search"
          aria-label="Search events"
          aria-keyshortcuts="/"
          placeholder="Words, store:red, driver:ana, -event:note"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <span className={styles['key']} aria-hidden="true">
          /
        </span>
      </search>
      <Button
        className={styles['pause'] ?? ''}
        look={isFrozen ? 'main' : 'plain'}
        aria-keyshortcuts="Space"
        onClick={onPause}
      >
        {isFrozen ? 'Resume' : 'Pause'}
        <span className={styles['key']} aria-hidden="true">
          Space
        </span>
      </Button>
      <Button
        className={styles['help'] ?? ''}
        aria-keyshortcuts="?"
        aria-label="Keys and search"
        onClick={onHelp}
      >
        ?
      </Button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one line that scrolls */}
      <div className={styles['chips']} role="group" aria-label="Filter by event">
        {quick.map(({ value, word, shape }) => {
          const isExcluded = hasTerm(search, 'event', value, true);
          return (
            <button
              key={value}
              type="button"
              aria-pressed={hasTerm(search, 'event', value) || isExcluded}
              data-status={shape}
              title={`Only ${word}; with Alt, all but ${word}`}
              onClick={({ altKey }) => onSearch(toggleTerm(search, 'event', value, altKey || isExcluded))}
            >
              {isExcluded ? <span className={styles['not']}>not</span> : <StatusShape status={shape} />}
              {word}
            </button>
          );
        })}
        {search !== '' && (
          <Button look="quiet" size="small" onClick={() => onSearch('')}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}

/** What is being typed is the reader's until they pause; then it is the search. */
function useTyped(search: string, onSearch: (search: string) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => onSearch(typed), typingMs);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  // What has been typed since stays: the search is then a letter behind.
  useEffect(() => setTyped((text) => (text === search ? undefined : text)), [search]);
  return [typed ?? search, setTyped];
}
