import type { Status } from '../../protocol/events.ts';
import { statusShapes } from '../../protocol/status-look.ts';
import { statusWord } from '../app/life-words.ts';
import styles from './status-mark.module.css';

interface StatusShapeProps {
  status: Status | 'other';
}

/** The shape alone, for where the word stands beside it anyway. Takes the colour of its text. */
export function StatusShape({ status }: StatusShapeProps) {
  // A later hub may have one that this page does not know.
  const known = Object.hasOwn(statusShapes, status);
  return (
    <svg
      className={styles['shape']}
      data-shape={known ? status : 'other'}
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      <path d={statusShapes[known ? status : 'other']} />
    </svg>
  );
}

interface StatusMarkProps {
  status: Status;
  /** `chip`: on a tint of its colour; `plain`: shape and word alone, as in a table. */
  look?: 'plain' | 'chip';
}

/** Shape and word in the status's colour. */
export function StatusMark({ status, look = 'plain' }: StatusMarkProps) {
  return (
    <span className={styles['mark']} data-status={status} data-look={look}>
      <StatusShape status={status} />
      {statusWord(status)}
    </span>
  );
}
