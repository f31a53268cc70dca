import { useSelect } from '../../hooks.ts';
import type { Live } from '../../live.ts';
import { count } from '../../numbers.ts';
import { Button } from '../../ui/button.tsx';
import type { LogState } from './log-store.ts';
import styles from './mode-strip.module.css';
import { clockText, countsText } from './words.ts';

interface ModeStripProps {
  log: LogState;
  live: Live;
  onNewest: () => void;
}

/**
 * Always there, so that pausing moves nothing: a quiet line while following, a bar that cannot be overlooked
 * while the view stands still.
 */
export function ModeStrip({ log, live, onNewest }: ModeStripProps) {
  const { mode, rows, fresh } = log;
  const isUp = useSelect(live.state, (state) => state.isUp);
  const newest = rows.at(-1);
  if (mode.kind === 'following') {
    return (
      <div className={styles['strip']} data-mode="following">
        <span className={styles['state']} data-fault={!isUp || undefined}>
          {isUp ? 'Following' : 'Waiting for the hub'}
        </span>
        <span>{countsText(log)}</span>
      </div>
    );
  }
  return (
    <div className={styles['strip']} data-mode="frozen">
      <PausedBadge />
      <span className={styles['where']}>
        {log.newer === 'none' && newest ? `at ${clockText(newest.time)}` : countsText(log)}
      </span>
      <Button className={styles['newest'] ?? ''} size="small" onClick={onNewest}>
        {fresh > 0 ? `${count(fresh)} new ↓` : 'To the newest ↓'}
      </Button>
    </div>
  );
}

export function PausedBadge() {
  return (
    <span className={styles['badge']}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M2 1h3v10H2zM7 1h3v10H7z" />
      </svg>
      Paused
    </span>
  );
}
