import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLoaded, useResource, useStore } from '../../app/hooks.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { Live } from '../../app/live.ts';
import { parcelIn, withoutParcel } from '../../app/parcel-link.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { Shell } from '../../ui/shell.tsx';
import { boardWords } from '../../words/board.ts';
import { shared } from '../../words/shared.ts';
import { AssignDialog } from './assign-dialog.tsx';
import type { ChosenDriver, ChosenParcel } from './assignments.ts';
import { useGrouping } from './board-address.ts';
import { BoardColumns } from './board-columns.tsx';
import { useBoardKeyboard } from './board-keyboard.ts';
import styles from './board-page.module.css';
import { rowsMax } from './board-rows.ts';
import { columnsFound } from './board-search.ts';
import { BoardSearchBox } from './board-search-box.tsx';
import { BoardStore } from './board-store.ts';
import { BoardTools } from './board-tools.tsx';
import { columnNames } from './columns.ts';
import { DriverRail } from './driver-rail.tsx';
import { OutcomeBar } from './outcome-bar.tsx';
import { ParcelPanel } from './parcel-panel.tsx';
import { type Selection, useSelection } from './selection.ts';

/** The desk of dispatch: all open parcels by what has to happen, and who has them. */
export function Page() {
  const store = useResource(() => new BoardStore((after) => new Live({ role: 'admin' }, after)), 'admin');
  return store ? <Board store={store} /> : <Shell page="board">{null}</Shell>;
}

function Board({ store }: { store: BoardStore }) {
  const state = useStore(store.board);
  const isPanelOpen = useStore(store.parcel.state) !== undefined;
  const selection = useSelection(store, state.columns);
  const grouping = useGrouping();
  const [search, setSearch] = useState(() => new URLSearchParams(location.search).get('q') ?? '');
  const searchBox = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => columnsFound(state.columns, search, hubClock.now()), [state.columns, search]);
  const found = useMemo(() => ({ ...state, columns: shown }), [state, shown]);
  /** The parcels to assign. */
  const [chosen, setChosen] = useState<readonly ChosenParcel[]>();
  const choose = useCallback((keys: Iterable<string>) => setChosen(store.choose(keys)), [store]);
  const closeDialog = useCallback(() => setChosen(undefined), []);
  const page = useRef<HTMLDivElement>(null);
  // A link, like that of a label, names a parcel.
  useEffect(() => {
    const parcel = parcelIn(location.search);
    if (!parcel) return;
    store.parcel.show(parcel);
    history.replaceState(history.state, '', withoutParcel(location.href));
  }, [store]);
  useBoardKeyboard({ store, selection, assign: choose, page, search: searchBox });
  const total = columnNames.reduce((sum, name) => sum + state.columns[name].length, 0);
  const clear = selection.clear;
  const assign = useCallback(
    (parcels: readonly ChosenParcel[], driver: ChosenDriver) => {
      clear();
      void store.assign(parcels, driver);
    },
    [store, clear],
  );
  return (
    <Shell page="board" live={store.live} announcer={store.announcer}>
      <div ref={page} className={styles['page']} data-panel={isPanelOpen || undefined}>
        <div className={styles['top']}>
          {state.isFull && <Banner tone="news">{boardWords().full(rowsMax)}</Banner>}
          <ListNews state={state.list} total={total} onRetry={() => store.retryList()} />
          <BoardTools
            columns={shown}
            searchBox={<BoardSearchBox box={searchBox} search={search} onSearch={setSearch} />}
            grouping={grouping}
            selection={selection}
            onAssign={() => choose(selection.keys)}
            steps={selection.keys.size > 0 && <Steps store={store} selection={selection} />}
          />
        </div>
        <div className={styles['board']}>
          {total === 0 && state.list === 'done' ? (
            <NoParcels />
          ) : (
            <BoardColumns
              store={store}
              state={found}
              isSearching={shown !== state.columns}
              grouping={grouping}
              selection={selection}
              onAssign={assign}
            />
          )}
        </div>
        <OutcomeBar store={store} outcome={state.outcome} />
        <div className={styles['side']}>
          <ParcelPanel store={store} />
          <DriverRail drivers={state.drivers} onAssign={assign} />
        </div>
      </div>
      {chosen && <AssignDialog store={store} parcels={chosen} onAssign={assign} onClose={closeDialog} />}
    </Shell>
  );
}

/** Loaded with the first parcel that is marked. */
const loadSteps = () => import('./marked-steps.tsx');

function Steps(props: { store: BoardStore; selection: Selection }) {
  const code = useLoaded(loadSteps);
  return code && code !== 'missing' ? <code.MarkedSteps {...props} /> : null;
}

interface ListNewsProps {
  state: 'loading' | 'done' | 'failed';
  total: number;
  onRetry: () => void;
}

function ListNews({ state, total, onRetry }: ListNewsProps): ReactNode {
  const words = boardWords();
  if (state === 'failed')
    return (
      <Banner
        tone="trouble"
        actions={
          <Button size="small" onClick={onRetry}>
            {shared().tryAgain}
          </Button>
        }
      >
        {words.failed}
      </Banner>
    );
  return state === 'loading' && total === 0 ? <p className={styles['loading']}>{words.loading}</p> : null;
}

function NoParcels() {
  const words = boardWords();
  return (
    <Empty title={words.allDone}>
      <p>
        <PhraseText phrase={words.allDoneHint(<a href="/vendor">{words.aStore}</a>)} />
      </p>
    </Empty>
  );
}
