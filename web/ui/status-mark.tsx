import type { Status } from '../../protocol/events.ts';
import { statusShapes } from '../../protocol/status-look.ts';
import { statusWord } from '../app/life-words.ts';
import styles from './status-mark.module.css';

interface StatusShapeProps {
  status: Status | 'other';
}

/** The shape without the word, in the colour of the text around it. */
export function StatusShape({ status }: StatusShapeProps) {
  // A newer hub may have a status that this page does not know.
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
  /** `chip`: on a tinted background; `plain`: without, as in a table. */
  look?: 'plain' | 'chip';
}

/** The status as shape and word, in its colour. */
export function StatusMark({ status, look = 'plain' }: StatusMarkProps) {
  return (
    <span className={styles['mark']} data-status={status} data-look={look}>
      <StatusShape status={status} />
      {statusWord(status)}
    </span>
  );
}
