import { type FormEvent, useEffect, useId, useState } from 'react';
import { useSelect } from '../../app/hooks.ts';
import { CopyButton } from '../../dispatch/copy-button.tsx';
import { type DownloadFormat, readFile } from '../../dispatch/history.ts';
import { messageOf } from '../../dispatch/parcel-watch.ts';
import { Button } from '../../ui/button.tsx';
import { filterWords } from '../../words/log-filter.ts';
import { shared } from '../../words/shared.ts';
import { withAddress } from './address.ts';
import styles from './filter-menu.module.css';
import { goToMatch } from './finder.ts';
import { goToDestination } from './go-to.ts';
import type { LogStore } from './log-store.ts';
import type { SearchMode } from './log-window.ts';

/** The menu of filters: search mode, “Go to”, time range and downloads. */
export function FilterMenu({ store }: { store: LogStore }) {
  return (
    <div className={styles['menu']}>
      <SearchModeSwitch store={store} />
      <GoTo store={store} />
      <TimeRange store={store} />
      <Downloads store={store} />
    </div>
  );
}

function SearchModeSwitch({ store }: { store: LogStore }) {
  const words = filterWords();
  const searchMode = useSelect(store.log, (log) => log.searchMode);
  const search = useSelect(store.log, (log) => log.search);
  // Shows the choice at once; the store's snapshot follows in the next frame.
  const [pressed, setPressed] = useState<SearchMode>();
  useEffect(() => setPressed((one) => (one === searchMode ? undefined : one)), [searchMode]);
  const isMarking = searchMode === 'highlight' && search.trim() !== '';
  return (
    <fieldset className={styles['group']}>
      <legend>{words.matches}</legend>
      {(['filter', 'highlight'] as const).map((one) => (
        <label key={one} className={styles['choice']}>
          <input
            type="radio"
            name="look"
            checked={(pressed ?? searchMode) === one}
            onChange={() => {
              setPressed(one);
              store.search(store.log.get().search, one);
            }}
          />
          {one === 'filter' ? words.only : words.highlight}
        </label>
      ))}
      {isMarking && (
        <div className={styles['line']}>
          <Button size="small" onClick={() => void goToMatch(store, -1, search, words.noEarlierMatch)}>
            {words.previous}
          </Button>
          <Button size="small" onClick={() => void goToMatch(store, 1, search, words.noLaterMatch)}>
            {words.next}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function GoTo({ store }: { store: LogStore }) {
  const words = filterWords();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const problemId = `${id}-problem`;
  function go(event: FormEvent): void {
    event.preventDefault();
    setProblem(undefined);
    void goToDestination(store, text).then((why) => {
      setProblem(why);
      if (why !== undefined) store.announcer.say('hint', () => why);
    });
  }
  return (
    <form className={styles['group']} onSubmit={go}>
      <label htmlFor={id}>{words.goTo}</label>
      <div className={styles['line']}>
        <input
          id={id}
          className={styles['input']}
          placeholder={words.placeExample}
          dir={text === '' ? undefined : 'auto'}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setProblem(undefined);
            store.unsay();
          }}
        />
        <Button type="submit" size="small">
          {words.go}
        </Button>
      </div>
      {problem !== undefined && (
        <p id={problemId} className={styles['problem']}>
          {problem}
        </p>
      )}
    </form>
  );
}

/** Chooses a time by keyboard, as a drag over the chart does by mouse. */
function TimeRange({ store }: { store: LogStore }) {
  const words = filterWords();
  const range = useSelect(store.log, (log) => log.range);
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const shown = { from: from ?? localText(range?.from), to: to ?? localText(range?.to) };
  function choose(event: FormEvent): void {
    event.preventDefault();
    const [first, last] = [shown.from, shown.to].map((text) => new Date(text).getTime());
    // The field has no milliseconds; include the whole last second.
    void store.choose(orNone(first), orNone(last && last + 999));
    setFrom(undefined);
    setTo(undefined);
  }
  return (
    <form className={styles['group']} onSubmit={choose} aria-label={words.range}>
      <div className={styles['line']}>
        <label>
          {words.from}
          <input
            className={styles['input']}
            type="datetime-local"
            step="1"
            value={shown.from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        </label>
        <label>
          {words.to}
          <input
            className={styles['input']}
            type="datetime-local"
            step="1"
            value={shown.to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </label>
        <Button type="submit" size="small">
          {words.showTime}
        </Button>
      </div>
    </form>
  );
}

const fileNames: Readonly<Record<DownloadFormat, string>> = { csv: 'events.csv', ndjson: 'events.ndjson' };

function Downloads({ store }: { store: LogStore }) {
  const words = filterWords();
  const [state, setState] = useState<string>();
  async function download(format: DownloadFormat): Promise<void> {
    const { search, range } = store.log.get();
    setState(words.preparing);
    try {
      const file = await readFile(format, { q: search, from: range?.from, to: range?.to });
      save(file, fileNames[format]);
      setState(undefined);
    } catch (error) {
      setState(messageOf(error));
    }
  }
  return (
    <div className={styles['group']}>
      <div className={styles['line']}>
        <CopyButton label={shared().copy.link} text={() => withAddress(location.href, store.address)} />
        <Button size="small" onClick={() => void download('csv')}>
          {words.csv}
        </Button>
        <Button size="small" onClick={() => void download('ndjson')}>
          {words.jsonLines}
        </Button>
      </div>
      {state !== undefined && <p role="status">{state}</p>}
    </div>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function orNone(moment: number | undefined): number | undefined {
  return moment === undefined || Number.isNaN(moment) ? undefined : moment;
}

/** @returns the value of a `datetime-local` field: this device's time without a zone */
function localText(moment: string | undefined): string {
  if (moment === undefined) return '';
  const time = new Date(moment);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
