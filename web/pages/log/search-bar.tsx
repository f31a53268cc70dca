import { type RefObject, useCallback, useEffect, useState } from 'react';
import type { Status } from '../../../protocol/events.ts';
import { parseSearch, type Term } from '../../../protocol/search.ts';
import { useLoaded, useSelect } from '../../app/hooks.ts';
import { formatSearch, hasTerm, toggleTerm, withoutTerm } from '../../dispatch/search-text.ts';
import { Button } from '../../ui/button.tsx';
import { StatusShape } from '../../ui/status-mark.tsx';
import { logWords } from '../../words/log.ts';
import { shared } from '../../words/shared.ts';
import { togglePause } from './log-keyboard.ts';
import type { LogStore } from './log-store.ts';
import styles from './search-bar.module.css';
import { rangeText } from './window-text.ts';

type ChipEvent = Status | 'note';

/** The events that have a chip, in the order of a parcel's life. A missing status does not compile. */
const hasChip: Readonly<Record<ChipEvent, true>> = {
  ready: true,
  claimed: true,
  'in-transit': true,
  delivered: true,
  failed: true,
  returning: true,
  returned: true,
  cancelled: true,
  note: true,
};
const chipEvents = Object.keys(hasChip) as ChipEvent[];

const debounceMs = 80;

interface SearchBarProps {
  store: LogStore;
  box: RefObject<HTMLInputElement | null>;
  onHelp: () => void;
}

/** The box shows the whole filter: chips and clicks on values only edit its text. */
export function SearchBar({ store, box, onHelp }: SearchBarProps) {
  const words = logWords();
  const search = useSelect(store.log, (log) => log.search);
  const isFrozen = useSelect(store.log, (log) => log.mode.kind === 'frozen');
  const onSearch = useCallback((text: string) => store.search(text), [store]);
  const [text, setText] = useDebouncedText(search, onSearch);
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles['bar']}>
      <search className={styles['search']}>
        <input
          ref={box}
          type="search"
          aria-label={words.search.label}
          aria-keyshortcuts="/"
          placeholder={words.search.example}
          // The search grammar is the same in every language.
          dir={text === '' ? undefined : 'auto'}
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
        onClick={() => togglePause(store)}
      >
        {isFrozen ? words.search.resume : words.search.pause}
        <span className={styles['key']} aria-hidden="true">
          {words.search.space}
        </span>
      </Button>
      <Button className={styles['filters'] ?? ''} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {words.search.filters}
      </Button>
      <Button className={styles['help'] ?? ''} aria-keyshortcuts="?" aria-label={words.help} onClick={onHelp}>
        ?
      </Button>
      <Chips store={store} search={search} box={box} />
      {isOpen && <Filters store={store} />}
    </div>
  );
}

/** Loaded on demand: most readers never open it. */
const loadMenu = () => import('./filter-menu.tsx');

function Filters({ store }: { store: LogStore }) {
  const code = useLoaded(loadMenu);
  if (code === 'missing') return <p role="alert">{shared().shell.partMissingHint}</p>;
  return code ? <code.FilterMenu store={store} /> : null;
}

interface ChipsProps {
  store: LogStore;
  search: string;
  box: SearchBarProps['box'];
}

function Chips({ store, search, box }: ChipsProps) {
  const words = logWords().search;
  const range = useSelect(store.log, (log) => log.range);
  const isChip = ({ field, value }: Term) => field === 'event' && Object.hasOwn(hasChip, value);
  const clear = () => {
    store.clearFilters();
    box.current?.focus();
  };
  const others = parseSearch(search).filter((term) => !isChip(term));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one line that scrolls
    <div
      className={styles['chips']}
      role="group"
      aria-label={words.chips}
      // Browsers do not scroll to a focused chip that is half visible.
      onFocus={({ target }) => target.scrollIntoView({ block: 'nearest', inline: 'nearest' })}
    >
      {range && <TermChip text={rangeText(range)} onRemove={() => store.clearRange()} />}
      {others.map((term) => {
        const text = formatSearch([term]);
        return <TermChip key={text} text={text} onRemove={() => store.search(withoutTerm(search, term))} />;
      })}
      {chipEvents.map((value) => {
        const word = chipWord(value);
        const shape = value === 'note' ? 'other' : value;
        const isExcluded = hasTerm(search, 'event', value, true);
        return (
          <button
            key={value}
            type="button"
            aria-pressed={hasTerm(search, 'event', value) || isExcluded}
            data-status={shape}
            title={words.only(word)}
            onClick={({ altKey }) => store.search(toggleTerm(search, 'event', value, altKey || isExcluded))}
          >
            {isExcluded ? <span className={styles['not']}>{words.not}</span> : <StatusShape status={shape} />}
            {word}
          </button>
        );
      })}
      {(search !== '' || range) && (
        <Button look="quiet" size="small" onClick={clear}>
          {words.clear}
        </Button>
      )}
    </div>
  );
}

function chipWord(value: ChipEvent): string {
  return value === 'note' ? logWords().life.event.note : shared().status[value];
}

function TermChip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      className={styles['term']}
      aria-label={logWords().search.remove(text)}
      onClick={onRemove}
    >
      <bdi>{text}</bdi>
      <span aria-hidden="true">×</span>
    </button>
  );
}

/** Debounces typing: the text becomes the search after a short pause. */
function useDebouncedText(
  search: string,
  onSearch: (search: string) => void,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => onSearch(typed), debounceMs);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  // Keep a text that has changed since: the search lags behind by a letter.
  useEffect(() => setTyped((text) => (text === search ? undefined : text)), [search]);
  return [typed ?? search, setTyped];
}
