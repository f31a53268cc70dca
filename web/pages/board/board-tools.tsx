import type { ReactNode } from 'react';
import { count } from '../../app/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { boardWords } from '../../words/board.ts';
import { type ColumnChoice, type GroupingName, goTo, groupingLink } from './board-address.ts';
import { columnWord } from './board-columns.tsx';
import { goToColumn } from './board-keyboard.ts';
import type { Columns } from './board-rows.ts';
import styles from './board-tools.module.css';
import { columnNames } from './columns.ts';
import type { Selection } from './selection.ts';

interface BoardToolsProps {
  columns: Columns;
  grouping: ColumnChoice;
  selection: Selection;
  searchBox: ReactNode;
  onAssign: () => void;
  /** The steps that all marked parcels may take. */
  steps: ReactNode;
}

const groupings: readonly GroupingName[] = ['status', 'driver'];

/** The line above the columns: how many parcels there are of each kind, the grouping, and what is marked. */
export function BoardTools({ columns, grouping, selection, searchBox, onAssign, steps }: BoardToolsProps) {
  const words = boardWords();
  const marked = selection.keys.size;
  const shown = grouping.column ?? 'attention';
  return (
    <div className={styles['tools']}>
      <nav className={styles['counts']} aria-label={words.counts}>
        {columnNames.map((name) => (
          <a
            key={name}
            href={groupingLink('status', name)}
            aria-current={grouping.by === 'status' && name === shown ? 'true' : undefined}
            data-late={(name === 'attention' && columns.attention.length > 0) || undefined}
            onClick={(event) => goToColumn(event, 'status', name)}
          >
            {columnWord(name)} <strong data-num>{count(columns[name].length)}</strong>
          </a>
        ))}
      </nav>
      {searchBox}
      {marked > 0 || selection.isMarking ? (
        <div className={styles['marked']}>
          <span>{words.selected(marked)}</span>
          <Button look="main" size="small" aria-keyshortcuts="a" disabled={marked === 0} onClick={onAssign}>
            {words.assign}
          </Button>
          {steps}
          <Button look="quiet" size="small" aria-keyshortcuts="Escape" onClick={selection.clear}>
            {words.clear}
          </Button>
        </div>
      ) : (
        <div className={styles['marked']}>
          <fieldset className={styles['groupings']}>
            <legend className="visually-hidden">{words.by.label}</legend>
            {groupings.map((by) => (
              <Button
                key={by}
                look="quiet"
                size="small"
                aria-pressed={grouping.by === by}
                onClick={() => goTo(groupingLink(by))}
              >
                {words.by[by]}
              </Button>
            ))}
          </fieldset>
          <Button size="small" onClick={() => selection.setMarking(true)}>
            {words.select}
          </Button>
        </div>
      )}
    </div>
  );
}
