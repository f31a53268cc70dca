import { useSelect, useStore } from '../../app/hooks.ts';
import { clockText } from '../../dispatch/record-text.ts';
import { Button } from '../../ui/button.tsx';
import { logWords } from '../../words/log.ts';
import { shared } from '../../words/shared.ts';
import { showInContext } from './finder.ts';
import { leaveForNewest } from './log-keyboard.ts';
import type { LogStore } from './log-store.ts';
import styles from './mode-strip.module.css';
import { countsText } from './window-text.ts';

/** The mode of the list: a quiet line while following, a striking bar while frozen. Always there, so that nothing moves. */
export function ModeStrip({ store }: { store: LogStore }) {
  const words = logWords().strip;
  const log = useStore(store.log);
  const { mode, rows, fresh, hint, trouble, selected, search, searchMode, range } = log;
  const isUp = useSelect(store.live.state, (state) => state.isUp);
  const said = hint ?? trouble;
  const isFiltered = (search.trim() !== '' && searchMode === 'filter') || range !== undefined;
  const newest = rows.kind === 'whole' ? rows.at(rows.count - 1) : undefined;
  const where =
    search.trim() === '' && !range && newest ? words.pausedAt(clockText(newest.time)) : words.paused;
  return (
    <div className={styles['strip']} data-mode={mode.kind}>
      {mode.kind === 'following' ? (
        <span className={styles['state']} data-fault={!isUp || undefined}>
          {isUp ? words.following : words.waiting}
        </span>
      ) : (
        <PausedBadge text={where} />
      )}
      <span className={styles['where']}>{said ?? countsText(log)}</span>
      {trouble !== undefined && (
        <Button size="small" onClick={() => store.retry()}>
          {shared().tryAgain}
        </Button>
      )}
      {selected && isFiltered && (
        <Button
          className={styles['context'] ?? ''}
          size="small"
          onClick={() => showInContext(store, selected)}
        >
          {words.inContext}
        </Button>
      )}
      {mode.kind === 'frozen' && (
        <Button className={styles['newest'] ?? ''} size="small" onClick={() => leaveForNewest(store)}>
          {fresh > 0 ? words.fresh(fresh) : words.newest}
        </Button>
      )}
    </div>
  );
}

export function PausedBadge({ text = logWords().strip.paused }: { text?: string }) {
  return (
    <span className={styles['badge']}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M2 1h3v10H2zM7 1h3v10H7z" />
      </svg>
      <span>{text}</span>
    </span>
  );
}
