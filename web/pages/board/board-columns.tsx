import { useMemo } from 'react';
import { statusWord } from '../../app/life-words.ts';
import { boardWords } from '../../words/board.ts';
import type { ChosenDriver, ChosenParcel } from './assignments.ts';
import type { ColumnChoice } from './board-address.ts';
import { BoardColumn } from './board-column.tsx';
import styles from './board-columns.module.css';
import type { BoardRow, Columns } from './board-rows.ts';
import type { BoardState, BoardStore } from './board-store.ts';
import { type ColumnName, columnNames } from './columns.ts';
import { DriverFacts } from './driver-rail.tsx';
import { rowsByDriver } from './drivers.ts';
import type { Selection } from './selection.ts';

export interface BoardColumnsProps {
  store: BoardStore;
  /** With what the search has left. */
  state: BoardState;
  isSearching: boolean;
  grouping: ColumnChoice;
  selection: Selection;
  onAssign: (parcels: readonly ChosenParcel[], driver: ChosenDriver) => void;
}

const none: readonly BoardRow[] = [];

export function BoardColumns(props: BoardColumnsProps) {
  return props.grouping.by === 'driver' ? <ByDriver {...props} /> : <ByStatus {...props} />;
}

function ByStatus({ store, state, isSearching, grouping, selection }: BoardColumnsProps) {
  const words = boardWords();
  const shown = isColumn(grouping.column) ? grouping.column : 'attention';
  return (
    <div className={styles['columns']}>
      {columnNames.map((name) => (
        <BoardColumn
          key={name}
          id={name}
          title={columnWord(name)}
          rows={state.columns[name]}
          empty={
            isSearching ? words.search.none : state.list === 'done' ? emptyText(name, state.columns) : ''
          }
          isShown={name === shown}
          marksStatus={name === 'attention'}
          store={store}
          pending={state.pending}
          selection={selection}
        />
      ))}
    </div>
  );
}

function ByDriver({ store, state, grouping, selection, onAssign }: BoardColumnsProps) {
  const words = boardWords();
  const rows = useMemo(() => rowsByDriver(state.columns), [state.columns]);
  const shown = grouping.column ?? '';
  const common = { store, pending: state.pending, selection, marksStatus: true };
  return (
    <div className={styles['columns']} data-by="driver">
      <BoardColumn
        {...common}
        id=""
        title={words.nobody}
        rows={rows.get('') ?? none}
        empty={words.empty.ready}
        isShown={shown === '' || !state.drivers.some(({ id }) => id === shown)}
      />
      {state.drivers.map((driver) => (
        <BoardColumn
          {...common}
          key={driver.id}
          id={driver.id}
          title={driver.name}
          facts={<DriverFacts driver={driver} />}
          rows={rows.get(driver.id) ?? none}
          empty={words.empty.driver}
          isShown={driver.id === shown}
          onDrop={(parcels) => onAssign(parcels, driver)}
        />
      ))}
    </div>
  );
}

/** Parcels that need dispatch stand in the first column alone: the others do not deny them. */
function emptyText(name: ColumnName, { attention }: Columns): string {
  const { empty, noOther } = boardWords();
  const isElsewhere = attention.some(({ view }) => view.status === name);
  return name !== 'attention' && isElsewhere ? noOther[name] : empty[name];
}

export function columnWord(name: ColumnName): string {
  return name === 'attention' ? boardWords().needsYou : statusWord(name);
}

function isColumn(name: string | undefined): name is ColumnName {
  return columnNames.some((one) => one === name);
}
